using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ReplyX.Api.Authentication;
using ReplyX.ServiceDefaults.Problems;

namespace ReplyX.Api.OpenApi;

/// <summary>Gives every operation its credentials, the problems it may answer, and an example of its body.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var credential = metadata.OfType<CredentialMetadata>().LastOrDefault();
        var isInternal = context.Description.RelativePath?.StartsWith("internal/", StringComparison.Ordinal) == true;
        var hasBody = metadata.OfType<IAcceptsMetadata>().Any();
        AddSecurity(operation, context.Document, credential, isInternal);
        AddExample(operation, metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType);

        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken);
        context.Document?.AddComponent("Problem", problem);
        List<Problem> answers = [Problem.StoreUnavailable];
        if (!isInternal)
        {
            answers.Add(Problem.RateLimited);
        }

        if (credential is not null || isInternal)
        {
            answers.Add(Problem.TokenExpired);
        }

        if (metadata.OfType<OwnersOnlyMetadata>().Any())
        {
            answers.Add(Problem.OwnersOnly);
        }

        if (hasBody)
        {
            answers.AddRange([Problem.InvalidField, Problem.BodyTooLarge, Problem.UnsupportedMediaType]);
        }
        else if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true)
        {
            answers.Add(Problem.InvalidParameter);
        }

        if (metadata.OfType<AppendsMetadata>().Any())
        {
            answers.AddRange([Problem.IdempotencyConflict, Problem.UnknownOutcome]);
        }

        if (context.Description.RelativePath is { } path && path.Contains("{id}", StringComparison.Ordinal))
        {
            answers.Add(isInternal ? Problem.NodeNotFound
                : path.StartsWith("api/operators/", StringComparison.Ordinal) ? Problem.OperatorNotFound
                : path.StartsWith("api/sites/", StringComparison.Ordinal) ? Problem.SiteNotFound
                : path.StartsWith("api/data-jobs/", StringComparison.Ordinal) ? Problem.DataJobNotFound
                : path.StartsWith("api/invitations/", StringComparison.Ordinal) ? Problem.InvitationNotFound
                : Problem.DialogNotFound);
        }

        // Every handler that may return a problem is documented with a 400; the actual answers replace it.
        operation.Responses ??= [];
        operation.Responses.Remove("400");
        foreach (var answer in answers)
        {
            operation.Responses[answer.Status.ToString(CultureInfo.InvariantCulture)] = Response(answer, context.Document);
        }
    }

    private static void AddSecurity(OpenApiOperation operation, OpenApiDocument? document, CredentialMetadata? credential, bool isInternal)
    {
        operation.Security ??= [];
        if (isInternal)
        {
            Add("metrics");
        }

        if (credential is null)
        {
            return;
        }

        if (credential.Optional)
        {
            operation.Security.Add([]);
        }

        foreach (var kind in (Credential[])[Credential.Guest, Credential.Dialog, Credential.Operator])
        {
            if (credential.Accepted.HasFlag(kind))
            {
                Add(kind.ToString().ToLowerInvariant());
            }
        }

        void Add(string scheme) => operation.Security.Add(new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(scheme, document)] = [],
        });
    }

    private static void AddExample(OpenApiOperation operation, Type? body)
    {
        if (body is not null
            && Examples.Bodies.TryGetValue(body, out var example)
            && operation.RequestBody?.Content?.TryGetValue("application/json", out var media) == true
            && media is OpenApiMediaType json)
        {
            json.Example = JsonNode.Parse(example);
        }
    }

    private static OpenApiResponse Response(Problem problem, OpenApiDocument? document) => new()
    {
        Description = problem.Title,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [ProblemFormat.MediaType] = new()
            {
                Schema = new OpenApiSchemaReference("Problem", document),
                Example = new JsonObject
                {
                    ["type"] = problem.Type,
                    ["title"] = problem.Title,
                    ["status"] = problem.Status,
                    ["code"] = problem.Code,
                    ["trace_id"] = "4bf92f3577b34da6a3ce929d0e0e4736",
                },
            },
        },
    };
}
