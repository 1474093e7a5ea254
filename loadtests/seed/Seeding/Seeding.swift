import Checker
import Contracts
import HTTPKit
import LoadKit

/// The whole of a run: signs the organizers in, looks at what is there, has the rest made.
struct Seeding: Sendable {
    private let plan: SeedPlan
    private let catalogue: EventCatalogue
    private let organizers: Organizers
    private let progress: ProgressLine
    private let persistence: Persistence
    private let state: SeedState

    init(_ plan: SeedPlan, client: APIClient, password: String, progress: ProgressLine) {
        let state = SeedState(events: plan.events)
        self.plan = plan
        self.state = state
        self.progress = progress
        catalogue = EventCatalogue(seed: plan.seed)
        persistence = Persistence(patience: plan.patience, heedsRetryAfter: true, isStopped: state.isStopped)
        organizers = Organizers(plan, client: client, password: password, persistence: persistence)
    }

    /// How many events this run has made so far.
    var made: Int { state.result().made }

    /// Begins no further event; those under way are finished.
    func stop() { state.stop() }

    /// Makes what is missing; returns how it stands, also when it was stopped.
    func run() async throws -> SeedReport {
        do {
            try await fill()
        } catch is Organizers.NoAnswer where state.isStopped() {
            // Nobody waited for that answer any more.
        }
        return state.result()
    }

    private func fill() async throws {
        var shelf = CatalogueShelf()
        for number in 0..<SeedPlan.organizers where !state.isStopped() {
            progress.note("Signing organizer \(number + 1) of \(SeedPlan.organizers) in", transient: true)
            let signIn = try await organizers.signIn(number)
            try await shelf.add(
                eventsOf: signIn.user.id, organizer: number, try await organizers.client(of: number), persistence)
        }
        guard !state.isStopped() else { return }
        let start = try await organizers.start()
        var missing: [Int] = []
        for number in 0..<plan.events where !state.isStopped() {
            if shelf.take(catalogue.event(number), number: number) {
                state.count { $0.found += 1 }
            } else {
                missing.append(number)
            }
        }
        try await make(missing, from: start)
    }

    /// Has events made, `concurrency` at a time, each as soon as one before is there.
    private func make(_ numbers: [Int], from start: Timestamp) async throws {
        guard !numbers.isEmpty else { return }
        let watching = Task { [progress, state] in await progress.follow { state.line() } }
        defer { watching.cancel() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(plan.concurrency, numbers.count) {
                group.addTask {
                    while !state.isStopped() {
                        let place = state.nextPlace()
                        guard place < numbers.count else { return }
                        try await make(numbers[place], from: start)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func make(_ number: Int, from start: Timestamp) async throws {
        let organizer = SeedPlan.organizer(of: number)
        let request = catalogue.event(number).request(from: start)
        var client = try await organizers.client(of: organizer)
        var reply = try await send(request, key: plan.key(of: number), as: client)
        if reply?.status == 401 {
            client = try await organizers.renewed(client, of: organizer)
            reply = try await send(request, key: plan.key(of: number), as: client)
        }
        guard let reply else { return state.count { $0.unanswered += 1 } }
        if reply.status == 422, reply.problem?.errors?.map(\.field) == ["eventDate"] {
            return state.count { $0.over += 1 }
        }
        _ = try reply.value(EventDocument.self)
        let wasThere = reply.headers.first("Idempotent-Replayed") == "true"
        state.count { if wasThere { $0.found += 1 } else { $0.made += 1 } }
    }

    private func send(_ request: CreateEventRequest, key: String, as client: APIClient) async throws -> APIReply? {
        var retries = 0
        defer {
            let repeated = retries
            state.count { $0.retries += repeated }
        }
        return try await persistence.send(retries: &retries) {
            try await client.send("POST", "/api/events", json: request, key: key)
        }
    }
}
