using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplyX.Validation.Sources;

/// <summary>
/// The sources of a project whose names are bound to what they mean. Nothing is built: what is generated at build is not there, and
/// whatever needs it stays unbound.
/// </summary>
internal sealed class BoundSources
{
    // What the SDK of a service imports for every file.
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private readonly CSharpCompilation _compilation;

    /// <summary>Binds a project's sources against the assemblies that this program itself runs with.</summary>
    /// <param name="project">The project's name, which is its assembly's.</param>
    /// <param name="files">Its sources.</param>
    public BoundSources(string project, IReadOnlyList<SourceFile> files)
    {
        Files = files;
        _compilation = CSharpCompilation.Create(
            project,
            [.. files.Select(file => file.Syntax), CSharpSyntaxTree.ParseText(Usings, SourceFile.Options)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(path => Path.GetFileNameWithoutExtension(path) != project)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>A type by its full name, or a member of it; null if there is none.</summary>
    public ISymbol? Find(string type, string? member) => _compilation.GetTypeByMetadataName(type) is not { } found ? null
        : member is null ? found
        : found.GetMembers(member).FirstOrDefault();

    /// <summary>Every name in a file, with what it means.</summary>
    public IEnumerable<(SimpleNameSyntax Name, ISymbol Symbol)> Names(SourceFile file) => Names(file, file.Syntax.GetRoot());

    /// <summary>Every name in a part of a file, with what it means.</summary>
    public IEnumerable<(SimpleNameSyntax Name, ISymbol Symbol)> Names(SourceFile file, SyntaxNode part)
    {
        var model = _compilation.GetSemanticModel(file.Syntax);
        foreach (var name in part.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is { } symbol)
            {
                yield return (name, symbol.OriginalDefinition);
            }
        }
    }

    /// <summary>Methods and properties that a file declares and that give something back, with their syntax.</summary>
    public IEnumerable<(SyntaxNode Body, ISymbol Symbol)> Answering(SourceFile file)
    {
        var model = _compilation.GetSemanticModel(file.Syntax);
        foreach (var member in file.Syntax.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>())
        {
            if (model.GetDeclaredSymbol(member) is IMethodSymbol { ReturnsVoid: false, MethodKind: MethodKind.Ordinary } or IPropertySymbol)
            {
                yield return (member, model.GetDeclaredSymbol(member)!);
            }
        }
    }

    /// <summary>The types and namespaces of a file that are not to be found.</summary>
    public IEnumerable<Diagnostic> Unknown(SourceFile file) =>
        _compilation.GetSemanticModel(file.Syntax).GetDiagnostics().Where(diagnostic => diagnostic.Id is "CS0246" or "CS0234");
}
