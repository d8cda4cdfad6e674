using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ReplyX.Api.Problems;

namespace ReplyX.Api.Tests.Problems;

/// <summary>A connection that breaks amid a body is nobody's fault, whichever side broke it and however Kestrel tells of it.</summary>
public sealed class CallerLeftTests
{
    public static TheoryData<Exception> Broken => [
        new ConnectionResetException("by the caller"),
        new ConnectionAbortedException("by the service"),
        new TaskCanceledException("The request was aborted", new ConnectionAbortedException("by the service, at its stop"))];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_connection_is_no_fault(Exception exception)
    {
        var context = new DefaultHttpContext();

        Assert.True(await new FailureHandler(NullLogger<FailureHandler>.Instance).TryHandleAsync(context, exception, TestTimeout.Token()));
        Assert.Equal(499, context.Response.StatusCode);
    }

    [Fact]
    public async Task A_wait_of_our_own_that_was_given_up_is_one() =>
        Assert.False(await new FailureHandler(NullLogger<FailureHandler>.Instance)
            .TryHandleAsync(new DefaultHttpContext(), new TaskCanceledException(), TestTimeout.Token()));
}
