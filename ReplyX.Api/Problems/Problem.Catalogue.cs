namespace ReplyX.Api.Problems;

internal sealed partial record Problem
{
    private static readonly TimeSpan _storeRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _signInRetry = TimeSpan.FromSeconds(1);

    // 400
    public static readonly Problem BadRequest = new("bad_request", 400, "The request is malformed.");
    public static readonly Problem InvalidJson = new("invalid_json", 400, "The body is not the JSON that this endpoint takes.");
    public static readonly Problem InvalidField = new("invalid_field", 400, "A member of the body is missing or not allowed.");
    public static readonly Problem InvalidParameter = new("invalid_parameter", 400, "A parameter of the query is not allowed.");

    // 401
    public static readonly Problem TokenMissing = new("token_missing", 401, "A bearer token is needed.");
    public static readonly Problem TokenInvalid = new("token_invalid", 401, "The bearer token is not accepted here.");
    public static readonly Problem TokenExpired = new("token_expired", 401, "The bearer token has run out.");
    public static readonly Problem TokenRevoked = new("token_revoked", 401, "The operator was removed or signed out.");
    public static readonly Problem SiteTokenInvalid = new("site_token_invalid", 401, "The site token is not accepted.");
    public static readonly Problem SiteTokenRotated = new("site_token_rotated", 401, "The site token was replaced by a newer one.");
    public static readonly Problem SignInFailed = new("sign_in_failed", 401, "Login and password do not belong together.");
    public static readonly Problem KeyInvalid = new("key_invalid", 401, "The bot's key is not accepted.");
    public static readonly Problem SessionEnded = new("session_ended", 401, "The session has ended.");

    // 403
    public static readonly Problem HandoffNotYours = new("handoff_not_yours", 403, "Another operator holds this dialog.");
    public static readonly Problem OwnersOnly = new("owners_only", 403, "Only an owner of the account may do this.");
    public static readonly Problem CrossSite = new("cross_site", 403, "A cookie is taken from our own pages only.");
    public static readonly Problem PasswordWrong = new("password_wrong", 403, "The current password is another one.");

    // 404
    public static readonly Problem NotFound = new("not_found", 404, "There is nothing at this address.");
    public static readonly Problem DialogNotFound = new("dialog_not_found", 404, "There is no such dialog.");
    public static readonly Problem AssistantNotFound = new("assistant_not_found", 404, "There is no such assistant.");
    public static readonly Problem SiteNotFound = new("site_not_found", 404, "There is no such site.");
    public static readonly Problem OperatorNotFound = new("operator_not_found", 404, "There is no such operator.");
    public static readonly Problem InvitationNotFound = new("invitation_not_found", 404, "There is no such open invitation.");
    public static readonly Problem DataJobNotFound = new("data_job_not_found", 404, "There is no such export or erasure.");
    public static readonly Problem NodeNotFound = new("node_not_found", 404, "There is no such node.");

    // 405 to 429
    public static readonly Problem MethodNotAllowed = new("method_not_allowed", 405, "This address does not take that method.");
    public static readonly Problem RequestTimeout = new("request_timeout", 408, "The request did not arrive in time.");
    public static readonly Problem IdempotencyConflict = new("idempotency_conflict", 409, "The client_id was used for something else.");
    public static readonly Problem HandoffActive = new("handoff_active", 409, "Another operator holds this dialog.");
    public static readonly Problem HandoffWrongState = new("handoff_wrong_state", 409, "The handoff is not in a state for this step.");
    public static readonly Problem CannotRemoveSelf = new("cannot_remove_self", 409, "An operator is removed by another one.");
    public static readonly Problem LastOwner = new("last_owner", 409, "The account would be left without an owner.");
    public static readonly Problem LoginTaken = new("login_taken", 409, "Somebody has this login.");
    public static readonly Problem LimitReached = new("limit_reached", 409, "The account has as many of these as it may have.");
    public static readonly Problem NoSecretsKey = new("no_secrets_key", 409, "This installation has no key to keep secrets with.");
    public static readonly Problem ExportNotReady = new("export_not_ready", 409, "The export has not ended yet.");
    public static readonly Problem ExportGone = new("export_gone", 410, "The export's result is kept no more, or there is none.");
    public static readonly Problem BodyTooLarge = new("body_too_large", 413, "The body is too large.");
    public static readonly Problem UnsupportedMediaType = new("unsupported_media_type", 415, "The body has to be application/json in UTF-8.");
    public static readonly Problem RateLimited = new("rate_limited", 429, "Too many requests.");

    // 5xx: ours, never the caller's doing
    public static readonly Problem InternalError = new("internal_error", 500, "Something went wrong on our side.");
    public static readonly Problem NodeStopping = new("node_stopping", 409, "The node is stopping and cannot be put back.");
    public static readonly Problem NodeRefused = new("node_refused", 502, "The node has another operations token than this service.");
    public static readonly Problem NodeUnreachable = new("node_unreachable", 502, "The node did not answer.");
    public static readonly Problem AssistantFailed = new("assistant_failed", 502, "The assistant did not answer.");
    public static readonly Problem AssistantTimeout = new("assistant_timeout", 504, "The assistant did not answer in time.");
    public static readonly Problem StoreUnavailable = new("store_unavailable", 503, "The message store does not answer.") { RetryAfter = _storeRetry };
    public static readonly Problem SignInBusy = new("sign_in_busy", 503, "Too many sign in at this moment.") { RetryAfter = _signInRetry };
    public static readonly Problem UnknownOutcome = new("unknown_outcome", 503, "Whether it happened is unknown: retry with the same client_id.") { RetryAfter = _storeRetry };

    /// <summary>The answer for a status that the framework set without a body.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        401 => TokenInvalid,
        404 => NotFound,
        405 => MethodNotAllowed,
        408 => RequestTimeout,
        413 => BodyTooLarge,
        415 => UnsupportedMediaType,
        429 => RateLimited,
        503 => StoreUnavailable,
        >= 500 => InternalError,
        _ => BadRequest with { Status = status },
    };

    public static Problem Member(string field, string detail) => InvalidField with { Field = field, Detail = detail };

    public static Problem Parameter(string name, string detail) => InvalidParameter with { Field = name, Detail = detail };
}
