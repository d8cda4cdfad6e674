using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Pages;
using ReplyX.Panels.Plots;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels;

/// <summary>Asks Prometheus for all that a dashboard shows.</summary>
internal sealed class DashboardReader(PrometheusClient prometheus, PanelsOptions options, DateTimeOffset now) : IDisposable
{
    // As many as a browser would ask at once; Prometheus runs 20.
    private const int QueriesAtOnce = 6;

    private readonly SemaphoreSlim _slots = new(QueriesAtOnce);

    public void Dispose() => _slots.Dispose();

    public async Task<DashboardView> ReadAsync(DashboardFile file, CancellationToken cancellation)
    {
        var dashboard = file.Dashboard;
        var scrapeInterval = await prometheus.ScrapeIntervalAsync(cancellation);
        var range = TimeRange.Of(options, dashboard.Time?.From, scrapeInterval, now);
        if (range.Seconds <= 0)
        {
            throw new DashboardException("--from is not before now");
        }

        var variables = new Variables(dashboard.Variables, options.Variables);
        var (marks, errors) = await MarksAsync(dashboard, variables.In(range, scrapeInterval), range, scrapeInterval, cancellation);
        var sections = new List<SectionView>();
        foreach (var (title, panels) in Sections(dashboard.Panels ?? []))
        {
            var views = await Task.WhenAll(panels.Select(panel => PanelAsync(panel, variables, range, scrapeInterval, marks, cancellation)));
            sections.Add(new(variables.InText(title), [.. views.OrderBy(view => view.Position.Y).ThenBy(view => view.Position.X)]));
        }

        return new()
        {
            Name = file.Name,
            Title = dashboard.Title is { Length: > 0 } named ? variables.InText(named) : file.Name,
            Description = variables.InText(dashboard.Description),
            Range = range,
            Variables = [.. dashboard.Variables.Where(variable => variable.Type != "datasource").Select(variable => $"{variable.Name}: {variables.InText($"${{{variable.Name}}}")}")],
            Sections = [.. sections.Where(section => section.Panels.Count > 0)],
            Marks = marks,
            Errors = errors,
        };
    }

    /// <summary>The rows: each has the panels that follow it, or that it holds while it is collapsed.</summary>
    private static IEnumerable<(string Title, IReadOnlyList<GrafanaPanel> Panels)> Sections(IEnumerable<GrafanaPanel> panels)
    {
        var (title, members) = ("", new List<GrafanaPanel>());
        foreach (var panel in panels.OrderBy(panel => panel.GridPos?.Y).ThenBy(panel => panel.GridPos?.X))
        {
            if (panel.Type == "row")
            {
                yield return (title, members);
                (title, members) = (panel.Title ?? "", [.. panel.Panels ?? []]);
            }
            else
            {
                members.Add(panel);
            }
        }

        yield return (title, members);
    }

    private async Task<PanelView> PanelAsync(
        GrafanaPanel panel, Variables variables, TimeRange range, TimeSpan scrapeInterval, IReadOnlyList<Mark> marks, CancellationToken cancellation)
    {
        range = options.Step is null && Duration.TryParse(panel.Interval?.TrimStart('>'), out var least) ? range.WithStep(least) : range;
        var bound = variables.In(range, scrapeInterval);
        var targets = (panel.Targets ?? []).Where(target => !target.Hide && target.Expr is { Length: > 0 }).ToList();
        var answers = await Task.WhenAll(targets.Select(target => TargetAsync(target, bound, range, cancellation)));
        return new()
        {
            Panel = panel,
            Title = bound.InText(panel.Title),
            Description = bound.InText(panel.Description),
            Fields = new(panel.FieldConfig),
            Range = range,
            Series = [.. answers.SelectMany(answer => answer.Series)],
            Marks = marks,
            Errors = [.. answers.Select(answer => answer.Error).OfType<string>()],
            Notes = [.. Notes(panel)],
        };
    }

    private static IEnumerable<string> Notes(GrafanaPanel panel)
    {
        if (!PanelBody.Knows(panel))
        {
            yield return $"{panel.Type} is not known here, and drawn as a time series";
        }

        if (panel.Repeat is { Length: > 0 } variable)
        {
            yield return $"is repeated by {variable} in Grafana, and drawn once here";
        }

        foreach (var transformation in (panel.Transformations ?? []).Where(one => !one.Disabled && !TableData.Knows(panel, one)))
        {
            yield return $"the transformation {transformation.Id} is left out";
        }
    }

    private async Task<(IReadOnlyList<Series> Series, string? Error)> TargetAsync(GrafanaTarget target, Variables variables, TimeRange range, CancellationToken cancellation)
    {
        var query = variables.InQuery(target.Expr!);
        try
        {
            var found = await AskAsync(() => target.Instant && !target.Range
                ? prometheus.InstantAsync(query, range.End, cancellation)
                : prometheus.RangeAsync(query, range, cancellation), cancellation);
            var names = SeriesNames.Of(variables.InText(target.LegendFormat), query, found);
            return ([.. found.Select((one, i) => new Series(names[i], target.RefId, target.Format ?? "", one.Labels, one.Samples))], null);
        }
        catch (QueryException e)
        {
            return ([], $"target {target.RefId}: {e.Message}");
        }
    }

    private async Task<(IReadOnlyList<Mark> Marks, IReadOnlyList<string> Errors)> MarksAsync(
        GrafanaDashboard dashboard, Variables variables, TimeRange range, TimeSpan scrapeInterval, CancellationToken cancellation)
    {
        var (marks, errors) = (new List<Mark>(), new List<string>());
        foreach (var annotation in dashboard.Annotations?.List ?? [])
        {
            if (MarkReader.QueryOf(annotation) is not { } query)
            {
                continue;
            }

            try
            {
                var own = Duration.TryParse(variables.InQuery(annotation.Step ?? ""), out var step) ? range with { Step = step } : range with { Step = scrapeInterval };
                own = own.Seconds / own.Step.TotalSeconds > PrometheusClient.PointLimit ? range : own;
                var found = await AskAsync(() => prometheus.RangeAsync(variables.InQuery(query), own, cancellation), cancellation);
                marks.AddRange(found.SelectMany(series => MarkReader.Read(annotation, series, own)));
            }
            catch (QueryException e)
            {
                errors.Add($"annotation \"{annotation.Name}\": {e.Message}");
            }
        }

        return ([.. marks.OrderBy(mark => mark.From)], errors);
    }

    private async Task<IReadOnlyList<PrometheusSeries>> AskAsync(Func<Task<IReadOnlyList<PrometheusSeries>>> query, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            return await query();
        }
        finally
        {
            _slots.Release();
        }
    }
}
