using ReplyX.Panels.Plots;

namespace ReplyX.Panels.Pages;

/// <summary>
/// The page's style. It has no character that XML would escape: in HTML a style element's text is taken as it stands.
/// In the dark it finds the neutral colours of the drawings by the way they are written.
/// </summary>
internal static class PageStyle
{
    public const string Css =
        $$"""

        body { margin: 0 auto; padding: 0 16px 32px; max-width: 1360px; font: 14px/1.45 {{Theme.Font}}; color: {{Theme.Ink}}; background: rgb(246,248,250); }
        nav { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 10px 0; background: inherit; border-bottom: 1px solid {{Theme.Line}}; }
        nav a { color: inherit; font-weight: 600; }
        nav span { margin-left: auto; color: {{Theme.Muted}}; }
        section { scroll-margin-top: 48px; }
        h1 { margin: 28px 0 0; font-size: 22px; }
        h2 { margin: 22px 0 8px; font-size: 16px; }
        p { margin: 4px 0; max-width: 100ch; }
        .range, details { color: {{Theme.Muted}}; font-size: 12px; margin-bottom: 10px; }
        .error { color: {{Theme.Alarm}}; }
        .grid { display: grid; grid-template-columns: repeat(24, minmax(0, 1fr)); grid-auto-rows: minmax(0, auto); column-gap: 0; row-gap: 0; align-items: start; margin-right: -8px; }
        figure { grid-column: var(--column); grid-row: var(--row); margin: 0 8px 8px 0; }
        figure svg { display: block; width: 100%; height: auto; }
        @media (max-width: 800px) {
          nav { position: static; }
          .grid { display: block; }
        }
        @media (prefers-color-scheme: dark) {
          body { color: rgb(224,230,236); background: rgb(17,20,24); }
          nav, nav span, .range, details { border-color: rgb(58,66,75); color: rgb(150,160,170); }
          .error { color: rgb(255,123,123); }
          svg [fill="{{Theme.Ink}}"] { fill: rgb(224,230,236); }
          svg [fill="{{Theme.Muted}}"] { fill: rgb(150,160,170); }
          svg [fill="{{Theme.Line}}"] { fill: rgb(58,66,75); }
          svg [fill="{{Theme.Paper}}"] { fill: rgb(27,31,36); }
          svg [fill="{{Theme.Alarm}}"] { fill: rgb(255,123,123); }
          svg [stroke="{{Theme.Line}}"], svg [style*="stroke:{{Theme.Line}}"] { stroke: rgb(58,66,75) !important; }
          svg [style*="stroke:{{Theme.Muted}}"] { stroke: rgb(110,120,130) !important; }
        }

        """;
}
