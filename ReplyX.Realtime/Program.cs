using ReplyX.Realtime;

var builder = WebApplication.CreateBuilder(args);
builder.AddRealtime();
return await ServiceRunner.RunAsync(builder, app => app.MapRealtime());
