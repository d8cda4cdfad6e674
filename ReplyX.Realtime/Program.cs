using ReplyX.Realtime;

var builder = WebApplication.CreateBuilder(args);
builder.AddRealtime();

var app = builder.Build();
app.MapRealtime();
await app.RunAsync();
