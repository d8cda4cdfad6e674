using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Microbenchmarks;

/// <summary>What a credential costs: checked at each connect and each request, issued at each start of a dialog.</summary>
[MemoryDiagnoser]
public class TokenBenchmarks
{
    private readonly DialogClaims _claims = new(StreamKey.ForDialog("demo", 6_083_888_128_644_823), "demo", DialogMode.Widget, "0123456789abcdef0123456789abcdef");

    private TokenService _tokens = null!;
    private string _token = "";
    private string _forged = "";

    [GlobalSetup]
    public void Setup()
    {
        _tokens = new TokenService(Options.Create(new TokenOptions { SigningKey = new string('k', 64) }), TimeProvider.System);
        _token = _tokens.Issue(_claims).Token;
        _forged = new TokenService(Options.Create(new TokenOptions { SigningKey = new string('x', 64) }), TimeProvider.System).Issue(_claims).Token;
    }

    [Benchmark(Baseline = true)]
    public Task<TokenCheck<DialogClaims>> Check() => _tokens.CheckDialogAsync(_token);

    [Benchmark]
    public Task<TokenCheck<DialogClaims>> CheckForged() => _tokens.CheckDialogAsync(_forged);

    [Benchmark]
    public IssuedToken Issue() => _tokens.Issue(_claims);
}
