namespace ReplyX.Api.Assistant.Answering;

/// <summary>What the assistant says in words of ours.</summary>
internal static class Sentences
{
    public static string Handover(HandoverReason reason, bool isAskedAlready, VisitorLanguage language) => (reason, isAskedAlready, language) switch
    {
        (HandoverReason.Requested, false, VisitorLanguage.Russian) => "Хорошо, я зову коллегу. Вам ответят прямо здесь, как только кто-нибудь освободится.",
        (HandoverReason.Requested, false, _) => "Of course. I have asked a colleague to join; they will answer you right here.",
        (HandoverReason.Requested, true, VisitorLanguage.Russian) => "Я уже позвал коллегу. Вам ответят прямо здесь, как только кто-нибудь освободится.",
        (HandoverReason.Requested, true, _) => "A colleague has already been asked to join, and will answer you right here.",
        (_, false, VisitorLanguage.Russian) => "Простите, сейчас у меня не получается ответить. Я позвал коллегу, он ответит вам здесь.",
        (_, false, _) => "Sorry, I cannot answer this right now. I have asked a colleague to join and answer you here.",
        (_, true, VisitorLanguage.Russian) => "Простите, сейчас у меня не получается ответить. Коллегу я уже позвал, он ответит вам здесь.",
        (_, true, _) => "Sorry, I cannot answer this right now. A colleague has already been asked to join.",
    };

    public static string Fallback(VisitorLanguage language) => language == VisitorLanguage.Russian
        ? "На это у меня нет готового ответа. Спросите, пожалуйста, иначе или напишите «оператор», и я позову человека."
        : "I have no answer to that. Please ask in other words, or write “human” and I will call a person.";

    public static string Greeting(VisitorLanguage language) => language == VisitorLanguage.Russian
        ? "Здравствуйте! Чем я могу помочь?"
        : "Hello! How can I help you?";
}
