using Microsoft.Extensions.Options;
using ReplyX.Api.Secrets;

namespace ReplyX.Api.Tests.Secrets;

public sealed class SecretBoxTests
{
    private const string Old = "the-old-secret-of-this-installation-0123";
    private const string New = "the-new-secret-of-this-installation-0123";

    [Fact]
    public void What_goes_in_comes_out_and_stands_nowhere_in_between()
    {
        var box = Box(Old);

        var encrypted = box.Encrypt("sk-123456789", "one");

        Assert.DoesNotContain("sk-123456789", encrypted, StringComparison.Ordinal);
        Assert.NotEqual(encrypted, box.Encrypt("sk-123456789", "one"));
        Assert.Equal("sk-123456789", box.Decrypt(encrypted, "one"));
    }

    [Fact]
    public void After_a_rotation_the_old_is_read_and_the_new_is_written()
    {
        var encrypted = Box(Old).Encrypt("sk", "one");
        var rotated = Box(New, Old);

        Assert.Equal("sk", rotated.Decrypt(encrypted, "one"));
        Assert.Equal("sk", Box(New).Decrypt(rotated.Encrypt("sk", "one"), "one"));
        Assert.Throws<SecretUnreadableException>(() => Box(New).Decrypt(encrypted, "one"));
        Assert.Throws<SecretUnreadableException>(() => Box(null).Decrypt(encrypted, "one"));
    }

    [Fact]
    public void A_secret_is_nobody_else_s_and_not_changed_unseen()
    {
        var box = Box(Old);
        var encrypted = box.Encrypt("sk", "one");
        var bytes = Convert.FromBase64String(encrypted[3..]);

        Assert.Throws<SecretUnreadableException>(() => box.Decrypt(encrypted, "another"));
        foreach (var at in (int[])[0, 12, bytes.Length - 1])
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 1;
            Assert.Throws<SecretUnreadableException>(() => box.Decrypt("v1." + Convert.ToBase64String(changed), "one"));
        }

        foreach (var garbage in (string[])["", "v1.", "v1.AAAA", "v2" + encrypted[2..], encrypted[..^8], "v1.***"])
        {
            Assert.Throws<SecretUnreadableException>(() => box.Decrypt(garbage, "one"));
        }
    }

    private static SecretBox Box(string? key, string? previous = null) =>
        new(Options.Create(new SecretOptions { Key = key, PreviousKey = previous }));
}
