using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace ReplyX.LocalHosting.Parameters;

/// <summary>The file that <c>dotnet user-secrets</c> and Aspire keep as well, in the same form.</summary>
internal static class UserSecrets
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private static readonly Lock _oneAtATime = new();

    /// <summary>Keeps a value. A home that cannot be written to costs only the memory of it.</summary>
    public static bool TrySet(Assembly assembly, string key, string value)
    {
        if (assembly.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId is not { } id)
        {
            return false;
        }

        try
        {
            lock (_oneAtATime)
            {
                var path = PathHelper.GetSecretsPathFromSecretsId(id);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var secrets = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [] : [];
                secrets[key] = value;

                // Written beside and moved over: a reader never sees half a file.
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
