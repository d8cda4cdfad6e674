using ReplyX.Realtime;

return await ServiceRunner.RunAsync(args, builder => builder.AddRealtime(), app => app.MapRealtime());
