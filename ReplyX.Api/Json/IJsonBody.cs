
namespace ReplyX.Api.Json;

internal interface IJsonBody
{
    Problem? Problem { get; }
}
