import Contracts
import TestSupport

/// The events service alone, as a process with a catalogue that was made through its own routes.
final class EventsStage: Sendable {
    private let service: LoneService
    private let ids: [String]

    private static let requestsAtOnce = 64
    private static let pages = 500

    private init(_ service: LoneService, _ ids: [String]) {
        self.service = service
        self.ids = ids
    }

    /// Starts the service and has all events of a catalogue made; inventory is whatever listens on `port`.
    static func start(_ catalogue: SearchCatalogue, inventory port: Int, _ rounds: Rounds) async throws -> EventsStage {
        let service = try await LoneService.start(.events, others: port)
        do {
            try await eventually(within: .seconds(30), "events is ready") { await service.isReady() }
            return EventsStage(service, try await make(catalogue, service, rounds))
        } catch {
            await service.stop()
            throw error
        }
    }

    private static func make(
        _ catalogue: SearchCatalogue, _ service: LoneService, _ rounds: Rounds
    ) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for first in 0..<requestsAtOnce {
                group.addTask {
                    var ids: [String] = []
                    for number in stride(from: first, to: catalogue.count, by: requestsAtOnce) {
                        if number.isMultiple(of: 1000) { rounds.note("making event \(number) of \(catalogue.count)") }
                        let event: EventDocument = try await service.send(
                            "POST", "/api/events", json: catalogue.request(number))
                        ids.append(event.id)
                    }
                    return ids
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Reads one page of the list after the other.
    func list(_ options: RunOptions) async throws -> Sample {
        try await service.loadAtOnce((1...Self.pages).map { "/api/events?page=\($0)" }, options)
    }

    /// Asks what is left of one event after the other.
    func availability(_ options: RunOptions) async throws -> Sample {
        try await service.loadAtOnce(ids.map { "/api/events/\($0)/availability" }, options)
    }

    func stop() async { await service.stop() }
}
