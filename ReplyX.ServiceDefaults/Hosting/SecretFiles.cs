using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Hosting;

/// <summary>Settings in files, one each: how a container gets its secrets. Variables of the environment are shown by <c>docker inspect</c>.</summary>
internal static class SecretFiles
{
    /// <summary>The setting that names another folder.</summary>
    public const string FolderKey = "SecretFiles:Folder";

    /// <summary>Where Docker mounts secrets.</summary>
    public const string DefaultFolder = "/run/secrets";

    /// <summary>
    /// Reads each file of the folder as a setting: <c>Tokens__SigningKey</c> holds <c>Tokens:SigningKey</c>, without the line's end. A file counts
    /// more than a variable. That the folder is missing is no mistake.
    /// </summary>
    public static void AddSecretFiles(this IHostApplicationBuilder builder)
    {
        var folder = builder.Configuration[FolderKey] is { Length: > 0 } configured ? configured : DefaultFolder;
        try
        {
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(folder), optional: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(
                FolderKey, typeof(string), [$"Secrets in {folder} cannot be read: {exception.Message} The service's user or one of its groups must be able to."]);
        }
    }
}
