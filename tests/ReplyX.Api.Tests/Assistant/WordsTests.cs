using ReplyX.Api.Assistant.Answering;
using ReplyX.Api.Assistant.Clients;
using ReplyX.Api.Demo;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>What a scripted assistant understands, by the demo shop's questions.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("How long does shipping take?", "two to three")]
    [InlineData("shipping?", "two to three")]
    [InlineData("hi, could you tell me how long you need to ship to Spain", "two to three")]
    [InlineData("what does delivrey cost", "free of charge")]
    [InlineData("when will my order arrive", "two to three")]
    [InlineData("what does delivery cost", "free of charge")]
    [InlineData("I'd like to return the shoes I bought", "30 days")]
    [InlineData("can I exchange it for another size?", "exchange")]
    [InlineData("Do you have a size chart", "size guide")]
    [InlineData("can i pay by paypal", "PayPal")]
    [InlineData("which payment methods do you accept", "PayPal")]
    [InlineData("what are your opening hours", "from 9 to 18")]
    [InlineData("are there any discounts", "WELCOME10")]
    [InlineData("where is my order", "tracking")]
    [InlineData("how do i cancel my order", "cancel")]
    [InlineData("сколько идёт доставка?", "два-три")]
    [InlineData("когда приедет мой заказ", "два-три")]
    [InlineData("доставка дорогая? сколько стоит доставка", "бесплатн")]
    [InlineData("хочу вернуть товар", "30 дней")]
    [InlineData("как оплатить заказ", "картой")]
    [InlineData("есть ли скидки", "WELCOME10")]
    [InlineData("во сколько вы открываетесь", "с 9 до 18")]
    [InlineData("как подобрать размер", "размер")]
    public void Finds_the_answer(string question, string part) => Assert.Contains(
        part, new QuestionMatcher(DemoShop.Assistant.Answers).Find(question)?.Answer ?? "nothing", StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("Do you sell elephants?")]
    [InlineData("What is the capital of France?")]
    [InlineData("My sister said that the colour of the box was not as nice as she had hoped for")]
    [InlineData("вы продаёте слонов?")]
    [InlineData("как зовут твою маму")]
    [InlineData("asdf qwer")]
    [InlineData("???")]
    [InlineData("")]
    public void Knows_what_it_does_not_know(string question) =>
        Assert.Null(new QuestionMatcher(DemoShop.Assistant.Answers).Find(question));

    [Theory]
    [InlineData("human")]
    [InlineData("I want to talk to a human")]
    [InlineData("could you connect me with an agent please?")]
    [InlineData("Can I speak to a real person")]
    [InlineData("Оператор!")]
    [InlineData("позовите человека")]
    [InlineData("соедините меня с оператором пожалуйста")]
    [InlineData("I have a COMPLAINT")]
    [InlineData("надо чтобы мне перезвонили")]
    public void Sees_who_wants_a_human(string text) => Assert.True(HandoverWords.AreIn(text, ["complaint", "перезвонили"]));

    [Theory]
    [InlineData("How long does shipping take?")]
    [InlineData("Which operator delivers the parcels in the north?")]
    [InlineData("Is the jacket fit for a person of 190 cm height?")]
    [InlineData("Сколько человек помещается в палатку?")]
    [InlineData("")]
    public void Sees_who_does_not(string text) => Assert.False(HandoverWords.AreIn(text, []));

    [Theory]
    [InlineData("Hello!", true)]
    [InlineData("Добрый день", true)]
    [InlineData("Hi, where is my order?", false)]
    [InlineData("", false)]
    public void Knows_a_greeting(string text, bool expected) => Assert.Equal(expected, Words.IsGreeting(text));

    [Theory]
    [InlineData("I cannot say.", "I cannot say.", false)]
    [InlineData("Sure. [[handover]] more", "Sure. ", true)]
    [InlineData("[[HANDOVER]]", "", true)]
    [InlineData("a [[b]] [[hand", "a [[b]] [[hand", false)]
    public void Finds_the_mark_however_it_is_cut(string text, string shown, bool found)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var marker = new HandoverMarker();
            var said = string.Concat(text.Chunk(size).Select(piece => marker.Add(new string(piece)))) + marker.End();
            Assert.Equal((shown, found), (said, marker.IsFound));
        }
    }

    [Theory]
    [InlineData("delivrey", "delivery", true)]
    [InlineData("elivery", "delivery", true)]
    [InlineData("deliveryy", "delivery", true)]
    [InlineData("xelivery", "delivery", true)]
    [InlineData("xelivrey", "delivery", false)]
    [InlineData("ab", "ba", false)]
    [InlineData("discuontinued", "discontnued", true)]
    [InlineData("idsconitnued", "discontinued", true)]
    [InlineData("idsconitnuedd", "discontinued", false)]
    [InlineData("ddiscontinuedd", "iscontinuedd", true)]
    public void Forgives_a_wrong_letter_and_in_long_words_two(string first, string second, bool isAlike)
    {
        Assert.Equal(isAlike, Words.Likeness(first, second) > 0);
        Assert.Equal(isAlike, Words.Likeness(second, first) > 0);
    }

    [Fact]
    public void What_is_too_long_to_be_a_word_is_like_itself_only()
    {
        var (first, second) = (new string('a', 41), new string('a', 40) + "b");

        Assert.Equal(1, Words.Likeness(first, new string('a', 41)));
        Assert.Equal(0, Words.Likeness(first, second));
        Assert.True(Words.Likeness(first[1..], second[1..]) > 0);
    }

    [Fact]
    public void Stops_looking_when_the_time_is_over() => Assert.ThrowsAny<OperationCanceledException>(
        () => new QuestionMatcher(DemoShop.Assistant.Answers).Find("shipping?", new CancellationToken(canceled: true)));

    [Fact]
    public void Speaks_the_language_of_the_latest_text_that_has_one()
    {
        Assert.Equal(VisitorLanguage.Russian, VisitorLanguages.Detect("123?", "Привет, это OK", "Hello"));
        Assert.Equal(VisitorLanguage.English, VisitorLanguages.Detect("Hello", "Привет"));
        Assert.Equal(VisitorLanguage.English, VisitorLanguages.Detect("12"));
    }
}
