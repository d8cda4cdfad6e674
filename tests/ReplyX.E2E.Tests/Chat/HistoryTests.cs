using System.Globalization;
using System.Text;
using System.Web;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Chat;

/// <summary>Long conversations: ten thousand messages, of which the page holds those in view.</summary>
public sealed class HistoryTests(BrowserGraph graph) : BrowserTest(graph)
{
    private const int Messages = 10_000;
    private static readonly DateTimeOffset _begun = new(2025, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Ten_Thousand_Messages_Scroll_Without_A_Jump()
    {
        var visitor = await ComeAsync();
        var (page, chat) = await LongConversationAsync(visitor);
        await Expect(chat.Bubbles.Last).ToContainTextAsync($"Message {Messages}.");

        // Up to the very first one. Each time older messages come in above, what is in view must stay where it is.
        var worst = await chat.Log.EvaluateAsync<Scrolled>(
            """
            async (log) => {
              // Until what was drawn is measured, and what was measured is drawn.
              const frame = async () => {
                for (let [last, same] = ['', 0]; same < 3;) {
                  await new Promise(requestAnimationFrame);
                  const now = `${log.scrollTop} ${log.scrollHeight} ${log.querySelectorAll('.row').length}`;
                  [same, last] = [now === last ? same + 1 : 0, now];
                }
              };
              const inView = () => [...log.querySelectorAll('.row[data-key^="s:"], .row[data-key^="c:"]')]
                .find((row) => row.getBoundingClientRect().top >= log.getBoundingClientRect().top);
              let [jump, rows, pages] = [0, 0, 0];
              for (; pages <= 200; pages++) {
                const height = log.scrollHeight;
                log.scrollTop = 400;
                await frame();
                if (log.querySelector('.intro')) break;
                const row = inView();
                const [key, top] = [row.dataset.key, row.getBoundingClientRect().top];
                while (log.scrollHeight < height + 3_000) await frame();
                await frame();
                const again = log.querySelector(`.row[data-key="${key}"]`);
                jump = Math.max(jump, again ? Math.abs(again.getBoundingClientRect().top - top) : 1e6);
                rows = Math.max(rows, log.querySelectorAll('.row').length);
              }

              // And what lies between, at some places: to scroll by so much moves what is seen by so much.
              for (let place = 1; place < 20; place++) {
                log.scrollTop = log.scrollHeight * place / 20;
                await frame();
                const row = inView();
                const [key, top] = [row.dataset.key, row.getBoundingClientRect().top];
                log.scrollTop -= 100;
                await frame();
                jump = Math.max(jump, Math.abs(log.querySelector(`.row[data-key="${key}"]`).getBoundingClientRect().top - top - 100));
                rows = Math.max(rows, log.querySelectorAll('.row').length);
              }

              log.scrollTop = 0;
              await frame();
              return { jump, rows, pages };
            }
            """);

        await Expect(chat.Bubbles.First).ToContainTextAsync("Message 1.");
        Assert.Equal((Messages - 50 + 99) / 100, worst.Pages);
        Assert.True(worst.Jump <= 2, $"What was in view moved by {worst.Jump} px.");
        Assert.True(worst.Rows < 150, $"{worst.Rows} rows were in the page at once.");

        // And back to the end.
        await chat.Get(".to-end").ClickAsync();
        await Expect(chat.Bubbles.Last).ToContainTextAsync($"Message {Messages}.");
        await Expect(chat.Bubbles.Last).ToBeInViewportAsync();
        await Expect(chat.Get(".to-end")).ToHaveCountAsync(0);
        visitor.AssertNoComplaints();
        Assert.False(page.IsClosed);
    }

    [Fact]
    public async Task Who_Reads_Older_Messages_Stays_There_When_New_Ones_Come()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (_, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("Hello");
        var dialog = await chat.DialogAsync();
        for (var i = 1; i <= 20; i++)
        {
            await desk.SayAsync(dialog, $"Line {i}\nwith a second one");
        }

        await Expect(chat.Bubbles.Last).ToContainTextAsync("Line 20");
        await Expect(chat.Bubbles.Last).ToBeInViewportAsync();
        await chat.Log.HoverAsync();
        await chat.Root.Page.Mouse.WheelAsync(0, -5_000);
        await Expect(chat.Bubbles.First).ToBeInViewportAsync();
        await Expect(chat.Get(".to-end")).ToBeVisibleAsync();

        await desk.SayAsync(dialog, "News");
        await Expect(chat.Get(".to-end")).ToContainTextAsync("1 new message");
        await Expect(chat.Bubbles.First).ToBeInViewportAsync();
        await chat.Get(".to-end").ClickAsync();

        await Expect(chat.Bubbles.Last).ToHaveTextAsync("News");
        await Expect(chat.Bubbles.Last).ToBeInViewportAsync();
    }

    /// <summary>A real visitor whose history, as the page is told, is ten thousand messages long.</summary>
    private async Task<(IPage Page, ChatView Chat)> LongConversationAsync(Person visitor)
    {
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("The beginning");
        var dialog = await chat.DialogAsync();
        await page.RouteAsync("**/messages?*", route =>
        {
            var query = HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query);
            int Number(string name, int otherwise) => int.TryParse(query[name], CultureInfo.InvariantCulture, out var number) ? number : otherwise;
            var limit = Number("limit", 50);
            var end = Number("before", Messages + 1);
            var first = query["after"] is null ? Math.Max(1, end - limit) : end;
            var items = Enumerable.Range(first, end - first).Select(seq => Message(dialog, seq));
            return route.FulfillAsync(new RouteFulfillOptions
            {
                ContentType = "application/json",
                Body = $$"""{"items":[{{string.Join(',', items)}}],"cursor":"{{Messages}}-aaaa","has_more":{{(first > 1 && query["after"] is null ? "true" : "false")}}}""",
            });
        });
        await page.ReloadAsync();
        return (page, chat);
    }

    // Of all lengths, by no chance.
    private static string Message(long dialog, int seq)
    {
        var text = new StringBuilder($"Message {seq}.");
        for (var i = 0; i < seq * 7 % 40; i++)
        {
            text.Append(i % 9 == 8 ? "\\nand" : " more").Append(" words");
        }

        var sender = seq % 3 == 0 ? "user" : seq % 7 == 0 ? "manager" : "assistant";
        var time = _begun.AddMinutes(seq * 37).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $$"""{"type":"message","dialog_id":{{dialog}},"id":{{seq}},"seq":{{seq}},"cursor":"{{seq}}-aaaa","sender":"{{sender}}","text":"{{text}}","timestamp":"{{time}}"}""");
    }

    private sealed class Scrolled
    {
        public double Jump { get; set; }

        public int Rows { get; set; }

        public int Pages { get; set; }
    }
}
