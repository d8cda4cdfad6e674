using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with holes that are filled when the application runs.</summary>
public class ReferenceExpression : IExpressionValue
{
    private readonly IReadOnlyList<object> _parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => _parts = parts;

    /// <inheritdoc />
    public string ValueExpression => string.Concat(_parts.Select(part => part is IManifestExpressionProvider hole ? hole.ValueExpression : (string)part));

    /// <summary>The values that it is put together from.</summary>
    internal IEnumerable<object> Holes => _parts.Where(part => part is IManifestExpressionProvider);

    /// <summary>Makes an expression from an interpolated string whose holes are resources, parameters or endpoint properties.</summary>
    /// <param name="handler">The interpolated string.</param>
    /// <returns>The expression.</returns>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new([.. handler.Parts]);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part is IValueProvider hole ? await hole.GetValueAsync(cancellationToken).ConfigureAwait(false) : (string)part);
        }

        return text.ToString();
    }

    /// <summary>Collects the parts of an interpolated string; used by the compiler.</summary>
    /// <param name="literalLength">Characters of literal text; not needed.</param>
    /// <param name="formattedCount">Number of holes.</param>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal List<object> Parts { get; } = new(2 * formattedCount + (literalLength > 0 ? 1 : 0));

        /// <summary>Appends literal text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendLiteral(string value) => Parts.Add(value);

        /// <summary>Appends text that is known already.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendFormatted(string? value) => Parts.Add(value ?? "");

        /// <summary>Appends a hole.</summary>
        /// <typeparam name="T">The kind of value.</typeparam>
        /// <param name="valueProvider">What fills it.</param>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => Parts.Add(valueProvider);
    }
}
