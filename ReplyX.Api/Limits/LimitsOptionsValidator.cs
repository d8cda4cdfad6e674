using Microsoft.Extensions.Options;

namespace ReplyX.Api.Limits;

[OptionsValidator]
internal sealed partial class LimitsOptionsValidator : IValidateOptions<LimitsOptions>;
