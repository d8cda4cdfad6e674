using System.Security.Cryptography;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>A visitor who leaves a mark of their own in everything that a visitor can fill.</summary>
internal sealed class Person(MessagingHost messaging)
{
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private string Mark => Id[..8];

    public string Text => $"text{Mark}";

    public string Name => $"name{Mark}";

    public string Email => $"mail{Mark}@example.com";

    public string Url => $"https://{Mark}url.example/page";

    public string Title => $"title{Mark}";

    public string Referrer => $"https://{Mark}from.example/";

    public string Agent => $"agent{Mark}";

    public string Locale => $"x-{Mark}";

    public string ClientKey => $"key{Mark}-";

    public IReadOnlyList<string> Marks => [Id, Text, Name, Email, Url, Title, Referrer, Agent, Locale, ClientKey];

    /// <summary>A dialog with all of it, and so many messages.</summary>
    public async Task<StreamKey> OpenAsync(Site site, DialogMode mode, int messages)
    {
        var (dialog, _, _) = await messaging.Dialogs.OpenAsync(site, mode, Id, TestTimeout.Token());
        var note = new VisitorNote { Name = Name, Email = Email, Locale = Locale, UserAgent = Agent, Page = new VisitorPage(Url, Title, Referrer) };
        Assert.True(await messaging.Dialogs.NoteVisitorAsync(dialog.Key, dialog.Owner, note, TestTimeout.Token()));
        for (var i = 0; i < messages; i++)
        {
            Assert.Equal(AppendOutcome.Appended, (await SendAsync(dialog.Key, dialog.Owner, i)).Outcome);
        }

        if (messages > 0)
        {
            await messaging.Log.MarkReadAsync(dialog.Key, Principals.Guest(Id), Sender.User, 1, TestTimeout.Token());
        }

        return dialog.Key;
    }

    public async Task<AppendResult> SendAsync(StreamKey dialog, DialogOwner owner, int number)
    {
        Assert.True(IdempotencyKey.TryCreate(Principals.Guest(Id), $"{ClientKey}{number}", out var key));
        var sent = await messaging.Log.AppendMessageAsync(dialog, owner, new NewMessage(key, Sender.User, $"{Text} {number}"), TestTimeout.Token());
        await messaging.ProjectAsync(dialog);
        return sent;
    }
}
