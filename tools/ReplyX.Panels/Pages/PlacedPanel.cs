using System.Xml.Linq;
using ReplyX.Panels.Plots;

namespace ReplyX.Panels.Pages;

/// <param name="Panel">What is drawn.</param>
/// <param name="Image">An svg element.</param>
/// <param name="Left">From the section's left.</param>
/// <param name="Top">From the section's top.</param>
/// <param name="Width">Of the image.</param>
/// <param name="Height">Of the image.</param>
internal sealed record PlacedPanel(PanelView Panel, XElement Image, double Left, double Top, double Width, double Height);
