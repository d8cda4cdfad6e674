using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Archive.Files;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Projection;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Redis.Replication;
using ReplyX.Messaging.Tokens;
using StackExchange.Redis;

namespace ReplyX.Messaging;

/// <summary>Adds messaging to a service.</summary>
public static class MessagingExtensions
{
    /// <summary>
    /// Adds dialogs, accounts, tokens, the backplane and the node registry over the <see cref="IConnectionMultiplexer"/> that
    /// the service has registered, with the <see cref="ConfigurationOptions"/> that it was made with.
    /// </summary>
    /// <param name="builder">The service.</param>
    public static void AddMessaging(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MessagingOptions>, MessagingOptionsValidator>();
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<AppendMetrics>();
        AddRedis(builder);
        services.AddSingleton<TokenService>();
        services.AddSingleton(provider => new Backplane(provider.GetRequiredService<RedisGateway>()));
        services.AddSingleton(provider => new CredentialChanges(
            provider.GetRequiredService<RedisGateway>(), provider.GetRequiredService<TimeProvider>()));
        AddAccounts(services);
        services.AddSingleton(provider => new NodeRegistry(provider.GetRequiredService<RedisGateway>()));
        services.AddSingleton(provider => new AssistantDirectory(
            provider.GetRequiredService<AccountWriter>(), provider.GetRequiredService<AuditLog>()));
        services.AddSingleton(provider => new AssistantWork(
            provider.GetRequiredService<RedisGateway>(), provider.GetRequiredService<AssistantDirectory>()));
        services.AddSingleton(provider => new DialogLog(
            provider.GetRequiredService<RedisGateway>(),
            provider.GetRequiredService<LogReader>(),
            provider.GetRequiredService<ArchiveQueue>(),
            provider.GetRequiredService<AssistantWork>(),
            provider.GetRequiredService<ProjectionQueue>(),
            provider.GetRequiredService<AppendMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<MessagingOptions>>()));
        services.AddSingleton(provider => new DialogDirectory(
            provider.GetRequiredService<RedisGateway>(),
            provider.GetRequiredService<DialogLog>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<MessagingOptions>>()));
        AddArchive(services);
        AddData(services);
        services.AddSingleton<ProjectionMetrics>();
        services.AddSingleton<ProjectionQueue>();
        services.AddSingleton<Outboxes>();
        services.AddSingleton<Projector>();
        services.AddHostedService<ProjectionWorker>();
        services.AddHostedService<ProjectionSweeper>();
    }

    /// <summary>Has this service do exports and erasures.</summary>
    /// <param name="services">The service's.</param>
    public static void AddDataJobWorker(this IServiceCollection services) => services.AddHostedService<DataJobWorker>();

    /// <summary>
    /// How messaging wants its connection: what cannot be sent now fails now and is not executed late behind the caller's back, and the
    /// library works on the thread pool. On its own threads each command and each reply wakes one of them, and that one wakes a thread of the
    /// pool: more than the command costs. They are for services that block the pool's threads while they wait for Redis, and these never do.
    /// </summary>
    /// <param name="options">The connection's options.</param>
    public static void ConfigureForMessaging(this ConfigurationOptions options)
    {
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.SocketManager = SocketManager.ThreadPool;
        options.ReconnectRetryPolicy = new LinearRetry(500);
    }

    private static void AddRedis(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ChannelSharding>();
        services.AddSingleton(provider => new RedisPrimary(
            provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetRequiredService<ConfigurationOptions>(),
            provider.GetRequiredService<ChannelSharding>()));
        services.AddSingleton<ReplicatedWrites>();
        services.AddSingleton<RedisGateway>();
        services.AddSingleton(provider => new RedisProbe(
            provider.GetRequiredService<RedisGateway>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ClusterWatch(
            provider.GetRequiredService<RedisGateway>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClusterWatch>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ClusterWatch>());
        if (builder.Configuration.GetValue<int>($"{MessagingOptions.Section}:{nameof(MessagingOptions.Replicas)}") > 0)
        {
            services.AddSingleton<ReplicasCheck>();
            services.AddHealthChecks().AddCheck<ReplicasCheck>(ReplicasCheck.Name);
        }
    }

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<AccountWriter>();
        services.AddSingleton<LoginClaims>();
        services.AddSingleton(provider => new AuditLog(
            provider.GetRequiredService<RedisGateway>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OperatorSessions(
            provider.GetRequiredService<AccountWriter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new InvitationBook(
            provider.GetRequiredService<AccountWriter>(),
            provider.GetRequiredService<LoginClaims>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AccountDirectory(
            provider.GetRequiredService<AccountWriter>(),
            provider.GetRequiredService<LoginClaims>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<OperatorSessions>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddData(IServiceCollection services)
    {
        services.AddOptions<DataOptions>().BindConfiguration(DataOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new DataJobs(
            provider.GetRequiredService<AccountWriter>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<DataOptions>>(),
            provider.GetRequiredService<IOptions<TokenOptions>>()));
        services.AddSingleton<DataMetrics>();
        services.AddSingleton<JobDialogs>();
        services.AddSingleton<DialogErasure>();
        services.AddSingleton<DataExport>();
        services.AddSingleton<VisitorErasure>();
        services.AddSingleton<AccountErasure>();
        services.AddSingleton<DataJobRunner>();
    }

    private static void AddArchive(IServiceCollection services)
    {
        services.AddOptions<ArchiveOptions>().BindConfiguration(ArchiveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ArchiveOptions>, ArchiveOptionsValidator>();
        services.TryAddSingleton(CreateArchive);
        services.AddSingleton<RedisDialogArchive>();
        services.AddSingleton<FileDialogArchive>();
        services.AddSingleton<ArchiveVolume>();
        services.AddSingleton<ArchiveMover>();
        services.AddSingleton<ArchiveMetrics>();
        services.AddSingleton<ArchiveQueue>();
        services.AddSingleton<DialogArchiver>();
        services.AddSingleton<ArchiveSweep>();
        services.AddSingleton<IdleDialogs>();
        services.AddSingleton<ExpiredDialogs>();
        services.AddSingleton<LogReader>();
        services.AddSingleton(provider => new RetentionSettings(
            provider.GetRequiredService<RedisGateway>(), provider.GetRequiredService<IOptions<ArchiveOptions>>()));
        services.AddHostedService<ArchiveWorker>();
        services.AddHostedService<ArchiveSweeper>();
        services.AddHostedService<ArchiveMoves>();
        services.AddHostedService<IdleSweeper>();
    }

    /// <summary>The archive that the options ask for.</summary>
    internal static IDialogArchive CreateArchive(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ArchiveOptions>>().Value;
        var redis = services.GetRequiredService<RedisDialogArchive>();
        return string.IsNullOrEmpty(options.Directory)
            ? redis
            : new RedisAndFilesArchive(redis, services.GetRequiredService<FileDialogArchive>(), options.Store);
    }
}
