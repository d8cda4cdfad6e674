using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace ReplyX.LocalHosting.Parameters;

/// <summary>Writes the file that <c>dotnet user-secrets</c> and Aspire use too, in the same format.</summary>
internal static class UserSecrets
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private static readonly Lock _lock = new();

    /// <summary>Saves a value.</summary>
    /// <returns>Whether it was saved. If the home folder cannot be written to, the next run generates another value.</returns>
    public static bool TrySet(Assembly assembly, string key, string value)
    {
        if (assembly.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId is not { } id)
        {
            return false;
        }

        try
        {
            lock (_lock)
            {
                var path = PathHelper.GetSecretsPathFromSecretsId(id);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var secrets = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [] : [];
                secrets[key] = value;

                // Written to another file first and then moved, so that a reader never sees half of it.
                var draft = $"{path}.{Environment.ProcessId}";
                var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using (var writer = new StreamWriter(draft, create))
                {
                    writer.Write(secrets.ToJsonString(_indented));
                }

                File.Move(draft, path, overwrite: true);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
