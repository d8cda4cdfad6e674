#!/usr/bin/env dotnet
#:project ../tools/ReplyX.Validation/ReplyX.Validation.csproj
#:property PublishAot=false

using ReplyX.Validation;
using ReplyX.Validation.Endpoints;

const string Usage =
    """
    Proves that there is one endpoint for each socket path, and that each path is decided, documented and tested. Both services are built
    as their programs build them, without being started, and their endpoints are read; sources, documents and tests are read as text.

      dotnet run scripts/validate-websocket-endpoints.cs [-- --root DIR]

      --root DIR  reads sources, documents and tests of the working tree DIR in place of the script's own. The services are always those
                  that the script was built with.

    One line for each check, and below it PATH:LINE: MESSAGE for each fault; in GitHub Actions annotations too.
    Exit codes: 0 no fault; 1 faults, or a service cannot be built; 64 wrong usage.
    """;

return await Validator.RunAsync(
    args,
    Usage,
    new EachPathIsDecided(),
    new OneEndpointForEachPath(),
    new OneTableForBothWays(),
    new NoSocketElsewhere(),
    new EachPathIsDocumented(),
    new EachPathHasTests());
