/// A kind of event: what it is called, where it fits, what it costs.
struct Genre: Sendable {
    let category: String
    let venues: Set<VenueKind>
    /// What the best places cost, in dollars or euros.
    let price: ClosedRange<Int>
    /// Titles with an `@` for who performs, a `%` for a work, a `$` for a made-up name of a programme, a `#` for the
    /// city.
    let titles: [String]
    let minutes: ClosedRange<Int>

    private static let tours = ["@", "@: $ Tour", "@ Live", "@ – $", "An Evening with @", "@ Unplugged"]
    private static let stages: Set<VenueKind> = [.theatre, .concertHall]

    /// The most frequent first.
    static let all = [
        Genre(category: "Rock", venues: [.club, .arena, .openAir], price: 18...95, titles: tours, minutes: 90...150),
        Genre(category: "Pop", venues: [.club, .arena, .openAir], price: 20...140, titles: tours, minutes: 90...140),
        Genre(category: "Indie", venues: [.club, .theatre], price: 12...38, titles: tours, minutes: 75...120),
        Genre(
            category: "Electronic", venues: [.club, .arena, .openAir], price: 15...60, titles: tours,
            minutes: 120...360),
        Genre(
            category: "Jazz", venues: [.club, .concertHall], price: 14...70,
            titles: ["@", "@ Trio", "@ Quartet: $", "Late Night Jazz with @", "# Jazz Nights: @"], minutes: 75...150),
        Genre(
            category: "Classical", venues: [.concertHall, .theatre], price: 25...160,
            titles: ["@: %", "% – @", "@ Plays %", "New Year's Concert: @", "Candlelight: %"], minutes: 90...140),
        Genre(
            category: "Theatre", venues: stages, price: 20...85, titles: ["%", "% – @", "%: A New Production"],
            minutes: 100...180),
        Genre(
            category: "Comedy", venues: [.club, .theatre], price: 12...55,
            titles: ["@", "@: $", "@ – Work in Progress"], minutes: 60...110),
        Genre(category: "Opera", venues: stages, price: 35...240, titles: ["%", "% – @"], minutes: 130...240),
        Genre(category: "Metal", venues: [.club, .arena, .openAir], price: 20...80, titles: tours, minutes: 90...140),
        Genre(category: "Folk", venues: [.club, .theatre, .openAir], price: 10...40, titles: tours, minutes: 75...130),
        Genre(
            category: "Festival", venues: [.openAir, .arena], price: 60...260,
            titles: ["$ Festival #", "# Summer Nights: @", "$ Weekender", "$ Festival: @"], minutes: 480...2880),
        Genre(category: "Ballet", venues: stages, price: 30...180, titles: ["%", "@: %"], minutes: 100...160),
        Genre(
            category: "Family", venues: [.theatre, .concertHall, .openAir], price: 8...30,
            titles: ["$ for Children", "The Little $", "% for Beginners"], minutes: 50...80),
    ]
}
