namespace ReplyX.Panels.Tests;

/// <summary>A dashboard with a panel of each kind, in Grafana's JSON.</summary>
internal static class TestDashboard
{
    public const string MarkupTitle = "Requests <b>of</b> \"all\" & more";

    public const string Json =
        """
        {
          "title": "Test & <try>",
          "description": "What tests look at.",
          "time": { "from": "now-1m" },
          "templating": { "list": [ { "name": "route", "type": "query", "includeAll": true, "multi": true } ] },
          "annotations": { "list": [
            { "name": "Drains", "enable": true, "expr": "draining", "iconColor": "orange", "titleFormat": "node {{node}} drains", "step": "1s" },
            { "name": "Off", "enable": false, "expr": "up" }
          ] },
          "panels": [
            {
              "type": "timeseries", "title": "Requests <b>of</b> \"all\" & more", "description": "By route, $route.",
              "gridPos": { "x": 0, "y": 0, "w": 12, "h": 8 },
              "targets": [ { "refId": "A", "expr": "sum by (route) (rate(requests_total{route=~\"$route\"}[$__rate_interval]))", "legendFormat": "{{route}}" } ],
              "fieldConfig": {
                "defaults": {
                  "unit": "reqps", "min": 0,
                  "custom": { "thresholdsStyle": { "mode": "line" }, "fillOpacity": 10, "stacking": { "mode": "normal" } },
                  "thresholds": { "mode": "absolute", "steps": [ { "color": "green", "value": null }, { "color": "#d00102", "value": 12 } ] }
                },
                "overrides": [ { "matcher": { "id": "byName", "options": "/dialogs" }, "properties": [ { "id": "color", "value": { "mode": "fixed", "fixedColor": "#0102d0" } } ] } ]
              }
            },
            {
              "type": "stat", "title": "Memory", "gridPos": { "x": 12, "y": 0, "w": 6, "h": 4 },
              "targets": [ { "refId": "A", "expr": "memory_bytes" } ],
              "fieldConfig": { "defaults": { "unit": "bytes", "thresholds": { "steps": [ { "color": "#0a0b0c", "value": null }, { "color": "#d0d1d2", "value": 1000 } ] } } }
            },
            {
              "type": "gauge", "title": "Pool", "gridPos": { "x": 18, "y": 0, "w": 6, "h": 4 },
              "targets": [ { "refId": "A", "expr": "pool_fill", "legendFormat": "{{pool}}" } ],
              "fieldConfig": { "defaults": { "unit": "percentunit" } }
            },
            {
              "type": "bargauge", "title": "Pools", "gridPos": { "x": 12, "y": 4, "w": 12, "h": 4 },
              "targets": [ { "refId": "A", "expr": "pool_fill", "legendFormat": "{{pool}}", "instant": true } ],
              "fieldConfig": { "defaults": { "unit": "percentunit", "max": 1 } }
            },
            {
              "type": "table", "title": "Pools as a table", "gridPos": { "x": 0, "y": 8, "w": 12, "h": 6 },
              "targets": [ { "refId": "A", "expr": "pool_fill", "format": "table", "instant": true } ],
              "fieldConfig": { "defaults": { "unit": "percentunit" } },
              "transformations": [ { "id": "organize", "options": { "excludeByName": { "job": true, "instance": true }, "renameByName": { "pool": "Pool", "Value": "Fill" } } } ]
            },
            {
              "type": "heatmap", "title": "Delivery", "gridPos": { "x": 12, "y": 8, "w": 12, "h": 6 },
              "targets": [ { "refId": "A", "expr": "sum by (le) (rate(delivery_seconds_bucket[$__rate_interval]))", "format": "heatmap", "legendFormat": "{{le}}" } ],
              "options": { "yAxis": { "unit": "s" } }
            },
            { "type": "row", "title": "States", "gridPos": { "x": 0, "y": 14, "w": 24, "h": 1 } },
            {
              "type": "state-timeline", "title": "Nodes", "gridPos": { "x": 0, "y": 15, "w": 12, "h": 6 },
              "targets": [ { "refId": "A", "expr": "draining", "legendFormat": "node {{node}}" } ],
              "fieldConfig": { "defaults": { "mappings": [ { "type": "value", "options": { "1": { "text": "in drain", "color": "orange" } } } ] } }
            },
            {
              "type": "piechart", "title": "Of a kind that is not known", "gridPos": { "x": 12, "y": 15, "w": 6, "h": 6 },
              "targets": [ { "refId": "A", "expr": "memory_bytes", "legendFormat": "memory" } ], "fieldConfig": { "defaults": { "unit": "bytes" } }
            },
            {
              "type": "timeseries", "title": "Nothing", "gridPos": { "x": 18, "y": 15, "w": 6, "h": 6 },
              "targets": [ { "refId": "A", "expr": "no_such_metric" } ]
            }
          ]
        }
        """;
}
