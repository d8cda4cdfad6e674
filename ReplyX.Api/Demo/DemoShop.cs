using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Demo;

/// <summary>The demo account's shop: a second site, where an assistant answers. On the first one nobody does, so that tools and tests hear themselves only.</summary>
internal static class DemoShop
{
    public static Site Site { get; } = new(
        DemoAccount.Id,
        Id: "shop",
        Name: "Nordlicht Outdoor",
        AssistantId: "shop",
        Welcome: "Hi! I am the assistant of Nordlicht Outdoor. Ask me about shipping, returns, sizes or payment, or write “human” to talk to a person.",
        Origins: ["http://localhost", "http://localhost:5080", "http://127.0.0.1:5080"],
        DirectClient: false,
        TokenVersion: 1);

    public static AssistantSettings Assistant { get; } = AssistantSettings.None with
    {
        Enabled = true,
        Kind = AssistantKind.Scripted,
        Instructions = "Nordlicht Outdoor sells jackets, boots, tents and backpacks. Be friendly and brief.",
        HandoverWords = ["complaint", "жалоба"],
        Answers =
        [
            new(
                """
                How long does shipping take?
                When will my order or parcel arrive?
                How long do you need to ship to another country?
                How long does a parcel take?
                """,
                "Within Europe a parcel takes two to three working days, elsewhere up to eight. You get a tracking link as soon as it leaves our warehouse."),
            new(
                """
                How much does shipping cost?
                What does delivery cost?
                Is shipping free?
                """,
                "Shipping is free of charge from 50 € on. Below that it is 4.90 € within Europe and 12 € elsewhere."),
            new(
                """
                Where is my order?
                How can I track my parcel?
                """,
                "The tracking link in the e-mail that we sent when your parcel left shows where it is. Without that e-mail, write “human” and a colleague looks it up."),
            new(
                """
                How can I return something?
                I want to return the shoes I bought
                Can I get a refund?
                """,
                "You can return anything within 30 days, unused and with its label. Print the return slip from your account; the refund arrives within five days of the parcel."),
            new(
                """
                Can I exchange for another size?
                The size does not fit
                """,
                "Of course. Start an exchange from your account and pick the new size; we send it as soon as the old one is on its way, at no cost."),
            new(
                """
                Which size do I need?
                Do you have a size chart?
                """,
                "Each product page has a size guide with measures in centimetres. Between two sizes take the larger one for jackets and your usual one for boots."),
            new(
                """
                How can I pay?
                Which payment methods do you accept?
                Can I pay by card, PayPal or invoice?
                """,
                "By card, PayPal, Apple Pay and Google Pay, and by invoice within the EU from your second order on."),
            new(
                """
                What are your opening hours?
                When are you open?
                """,
                "Our team is here from 9 to 18, Monday to Saturday, Berlin time. I am always here."),
            new(
                """
                Do you have a discount code?
                Are there any discounts, vouchers or a sale?
                """,
                "With the code WELCOME10 your first order is 10 % less. Twice a year there is a sale, in January and in July."),
            new(
                """
                How do I cancel my order?
                Can I change my order?
                """,
                "Until it is packed, usually two hours after ordering, you can cancel or change an order in your account. After that simply return the parcel."),
            new(
                """
                Do you have a warranty?
                My jacket or tent is broken
                """,
                "Everything has a warranty of three years, and our workshop repairs what breaks later, too. Send us a photo by writing “human”."),
            new(
                """
                Are your products waterproof?
                Is the jacket waterproof?
                """,
                "All our jackets and tents are waterproof to at least 10,000 mm; the exact figure stands on each product page."),
            new(
                """
                Do you have a shop that I can visit?
                Where is your shop? What is your address?
                """,
                "You are welcome at Torstraße 1 in Berlin, Monday to Saturday from 10 to 18."),
            new(
                """
                Сколько идёт доставка?
                Когда приедет мой заказ?
                Сроки доставки
                """,
                "По Европе посылка идёт два-три рабочих дня, в другие страны до восьми. Ссылка для отслеживания придёт, как только посылка уйдёт со склада."),
            new(
                """
                Сколько стоит доставка?
                Доставка бесплатная?
                """,
                "От 50 € доставка бесплатная. Для меньших заказов: 4,90 € по Европе и 12 € в другие страны."),
            new(
                """
                Где мой заказ?
                Как отследить посылку?
                """,
                "По ссылке для отслеживания из письма об отправке. Если письма нет, напишите «оператор», и коллега найдёт посылку."),
            new(
                """
                Как вернуть товар?
                Хочу вернуть покупку, возврат
                """,
                "Вернуть можно всё в течение 30 дней, неношеное и с этикеткой. Бланк возврата есть в личном кабинете, деньги придут через пять дней после посылки."),
            new(
                """
                Можно обменять на другой размер?
                Размер не подошёл
                """,
                "Конечно. Оформите обмен в личном кабинете и выберите новый размер; мы отправим его бесплатно."),
            new(
                """
                Как подобрать размер?
                Есть таблица размеров?
                """,
                "На странице каждого товара есть таблица размеров в сантиметрах. Если сомневаетесь, берите куртку побольше, а ботинки вашего обычного размера."),
            new(
                """
                Как оплатить заказ?
                Какие способы оплаты?
                """,
                "Картой, через PayPal, Apple Pay и Google Pay, а в ЕС со второго заказа и по счёту."),
            new(
                """
                Во сколько вы открываетесь?
                Какие часы работы? Время работы, график работы
                """,
                "Наша команда на связи с 9 до 18 с понедельника по субботу по берлинскому времени. А я здесь всегда."),
            new(
                """
                Есть ли скидки?
                Промокод, распродажа
                """,
                "С кодом WELCOME10 первый заказ на 10 % дешевле. Распродажи у нас в январе и в июле."),
            new(
                """
                Как отменить заказ?
                Можно изменить заказ?
                """,
                "Пока заказ не собран, обычно это два часа, его можно отменить или изменить в личном кабинете. Потом просто верните посылку."),
            new(
                """
                Какая гарантия?
                Куртка порвалась, палатка сломалась
                """,
                "На всё даём три года гарантии, а наша мастерская чинит и то, что сломалось позже. Напишите «оператор» и пришлите фото."),
        ],
    };
}
