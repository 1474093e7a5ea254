/// What is to be there in the end.
struct SeedPlan: Sendable {
    let events: Int
    let seed: UInt64
    /// Events being made at the same time.
    let concurrency: Int
    /// How long one request is repeated while a service is away.
    let patience: Duration

    /// How many people share the catalogue. Fixed, so that an event's organizer depends on its number alone.
    static let organizers = 6

    /// Which organizer makes an event.
    static func organizer(of event: Int) -> Int { event % organizers }

    /// The address of an organizer of this catalogue.
    func email(of organizer: Int) -> String { "organizer-\(organizer + 1).seed-\(seed)@holdfast.example" }

    /// What makes a repeated request for an event the same request.
    func key(of event: Int) -> String { "seed-\(seed)-\(event)" }
}
