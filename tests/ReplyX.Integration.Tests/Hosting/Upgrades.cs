namespace ReplyX.Integration.Tests.Hosting;

/// <summary>By which way the sockets of these tests come.</summary>
internal static class Upgrades
{
    public const string Key = "Realtime:DirectUpgrades";

#if HTTP_UPGRADES
    public const string Value = "false";
#else
    public const string Value = "true";
#endif
}
