namespace ReplyX.Api.Operators;

internal static class OperatorsExtensions
{
    public static void AddOperators(this IServiceCollection services)
    {
        services.AddSingleton<SameSite>();
        services.AddSingleton<OperatorSignIn>();
    }
}
