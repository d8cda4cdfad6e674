using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Edge;

internal sealed class ConnectionOptionsValidator : IValidateOptions<ConnectionOptions>
{
    private const int Fewest = 16;

    public ValidateOptionsResult Validate(string? name, ConnectionOptions options)
    {
        if (FileLimit.Read() is not { } files)
        {
            return ValidateOptionsResult.Success;
        }

        var room = files - ConnectionPlaces.ReservedFiles;
        if (room < Fewest)
        {
            return ValidateOptionsResult.Fail(
                $"The process may open {files} files and needs {ConnectionPlaces.ReservedFiles} for itself; raise the limit (ulimit -n) to {ConnectionPlaces.ReservedFiles + Fewest} at least, better to 20000.");
        }

        return options.Max > room
            ? ValidateOptionsResult.Fail(
                $"Connections:Max ({options.Max}) does not fit: the process may open {files} files and needs {ConnectionPlaces.ReservedFiles} for itself.")
            : ValidateOptionsResult.Success;
    }
}
