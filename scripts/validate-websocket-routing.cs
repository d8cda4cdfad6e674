#!/usr/bin/env dotnet
#:project ../tools/ReplyX.Validation/ReplyX.Validation.csproj
#:property PublishAot=false

using ReplyX.Validation;
using ReplyX.Validation.Routing;

const string Usage =
    """
    Proves that each socket path leads to the pool and asks for the credential that were decided, that a pool is limited and counted and
    decides nothing of what is delivered, and that clients ask for paths that there are. Both services are built as their programs build
    them, without being started: tokens are tried on the real gatekeeper, and pools are filled up to the real limits.

      dotnet run scripts/validate-websocket-routing.cs [-- --root DIR]

      --root DIR  reads sources of the working tree DIR in place of the script's own. The services are always those that the script was
                  built with.

    One line for each check, and below it PATH:LINE: MESSAGE for each fault; in GitHub Actions annotations too.
    Exit codes: 0 no fault; 1 faults, or a service cannot be built; 64 wrong usage.
    """;

return await Validator.RunAsync(
    args,
    Usage,
    new EachPathHasItsPool(),
    new EachPathAsksForItsCredential(),
    new EachPoolIsAccountedFor(),
    new DeliveryIgnoresPools(),
    new ClientsAskForKnownPaths());
