using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant.Clients;

/// <summary>Finds the site's question that is most like a visitor's, if one is like it enough.</summary>
internal sealed class QuestionMatcher
{
    // Tried on the demo shop's questions: below it strangers match, above it a question of one word does not.
    private const double Threshold = 0.55;

    private readonly List<(List<string> Stems, AssistantAnswer Answer)> _questions;
    private readonly Dictionary<string, int> _frequency = new(StringComparer.Ordinal);

    public QuestionMatcher(IReadOnlyList<AssistantAnswer> answers)
    {
        _questions =
        [
            .. from answer in answers
               from line in answer.Question.Split('\n')
               let stems = Words.Stems(line)
               where stems.Count > 0
               select (stems, answer),
        ];
        foreach (var stem in _questions.SelectMany(question => question.Stems))
        {
            _frequency[stem] = _frequency.GetValueOrDefault(stem) + 1;
        }
    }

    /// <summary>The answer to the question that is most like this one; null if none is.</summary>
    /// <param name="question">The visitor's question.</param>
    /// <param name="cancellationToken">Gives up: long texts have many words to compare.</param>
    public AssistantAnswer? Find(string question, CancellationToken cancellationToken = default)
    {
        var asked = Words.Stems(question);
        if (asked.Count == 0)
        {
            return null;
        }

        var (score, answer) = (Threshold, default(AssistantAnswer));
        foreach (var known in _questions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var likeness = Likeness(asked, known.Stems);
            if (likeness > score)
            {
                (score, answer) = (likeness, known.Answer);
            }
        }

        return answer;
    }

    // How much of the one is found in the other, both ways. The larger part counts more: who asks in one word, and who tells a story
    // around the question, ask it all the same.
    private double Likeness(List<string> asked, List<string> known)
    {
        var ofKnown = Share(known, asked);
        var ofAsked = Share(asked, known);
        return (0.6 * Math.Max(ofKnown, ofAsked)) + (0.4 * Math.Min(ofKnown, ofAsked));
    }

    private double Share(List<string> of, List<string> foundIn)
    {
        var (found, all) = (0.0, 0.0);
        foreach (var stem in of)
        {
            var weight = Weight(stem);
            all += weight;
            found += weight * foundIn.Max(other => Words.Likeness(stem, other));
        }

        return found / all;
    }

    // A word that few of the site's questions have tells more than one that many have.
    private double Weight(string stem) => 1 / Math.Sqrt(Math.Max(1, _frequency.GetValueOrDefault(stem)));
}
