import Checker
import Contracts
import Foundation
import HTTPKit
import ServiceKit
import TestSupport

/// P13: what a stream of availability costs while nothing happens, and what telling all of them costs.
struct LiveStreams: Benchmark {
    let id = "P13"
    let summary = """
        8,000 streams of one event through the gateway and 10,000 at one inventory, against a bare NIO server that \
        writes the same bytes
        """

    /// Below what a process may have open: in the gateway each stream is two connections.
    private static let streams = 8_000
    private static let streamsOfReplica = 10_000
    /// What opening them leaves to be given back is given back by then.
    private static let settling = Duration.seconds(2)

    private static let live = "live streams"
    private static let replica = "10,000 at inventory"
    private static let bare = "bare streams"

    private static func kilobytes(_ process: String) -> Figure { Figure(rawValue: "KiB.\(process)") }

    var comparisons: [Comparison] {
        [
            Comparison("KiB a stream in the gateway", .init(Self.live, Self.kilobytes("gateway")), .atMost(20)),
            Comparison("KiB a stream in inventory", .init(Self.live, Self.kilobytes("inventory")), .atMost(20)),
            Comparison(
                "KiB a stream in inventory, 10,000 of them", .init(Self.replica, Self.kilobytes("inventory")),
                .atMost(20)),
            Comparison("KiB a stream in the bare server", .init(Self.bare, Self.kilobytes("server"))),
            Comparison("messages/s on all streams", .init(Self.live, .rate), to: .init(Self.bare, .rate)),
            Comparison(
                "messages/s on 10,000 streams of one inventory", .init(Self.replica, .rate), to: .init(Self.bare, .rate)
            ),
            Comparison(
                "CPU of inventory, µs a message", .init(Self.live, .cpu("inventory")),
                to: .init(Self.bare, .cpu("server"))),
            Comparison(
                "CPU of the gateway, µs a message", .init(Self.live, .cpu("gateway")),
                to: .init(Self.bare, .cpu("server"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        ProcessLimits.raiseOpenFiles()
        // Fresh processes for each measurement: memory only grows within one.
        try await rounds.measure([
            Contender(Self.live) { options in
                try await Self.measureLive(through: .gateway, Self.streams, options)
            },
            Contender(Self.replica) { options in
                try await Self.measureLive(through: .inventory, Self.streamsOfReplica, options)
            },
            Contender(Self.bare) { try await Self.measureBare($0) },
        ])
    }

    /// - Parameter service: whom the streams are asked of
    private static func measureLive(
        through service: ServiceName, _ streams: Int, _ options: RunOptions
    ) async throws -> Sample {
        try await HoldfastStack.with { stack in
            let event = try await stack.admin().createEvent(
                CreateEventRequest(
                    title: "Live", eventDate: SystemClock().now() + .seconds(86_400), venue: "Hall",
                    ticketTypes: [
                        CreateEventRequest.TicketType(
                            name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: 100_000)
                    ]))
            let meter = ProcessMeter([
                "gateway": try stack.process(.gateway).identifier,
                "inventory": try stack.process(.inventory).identifier,
            ])
            let buying = Task { try await buyAndRelease(event, try await stack.client().signUpGuest()) }
            defer { buying.cancel() }
            return try await measure(
                streams, at: "/api/events/\(event.id)/availability/stream",
                of: stack.endpoint(of: StackReplica(service)), meter, options)
        }
    }

    private static func measureBare(_ options: RunOptions) async throws -> Sample {
        let server = try await BareStreams.start()
        defer { server.stop() }
        let meter = ProcessMeter(["server": server.identifier])
        return try await measure(streams, at: "/", of: server.endpoint, meter, options)
    }

    /// Moves the stock more often than streams are told, so that every message that may go out does.
    private static func buyAndRelease(_ event: EventDocument, _ buyer: APIClient) async throws {
        let item = ReservationRequest.Item(ticketTypeId: event.ticketTypes[0].id, quantity: 1)
        while !Task.isCancelled {
            let hold: ReservationDocument = try await buyer.reserve(
                ReservationRequest(eventId: event.id, items: [item])
            ).value()
            _ = try await buyer.release(hold.reservationId)
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func measure(
        _ streams: Int, at path: String, of endpoint: Endpoint, _ meter: ProcessMeter, _ options: RunOptions
    ) async throws -> Sample {
        // The first streams make what every later one shares.
        let first = try await StreamLoad.open(10, at: path, of: endpoint)
        try await first.close()
        try await Task.sleep(for: settling)
        let memoryBefore = try meter.memoryMiB()
        let load = try await StreamLoad.open(streams, at: path, of: endpoint)
        try await Task.sleep(for: settling)
        let messagesBefore = load.messages
        let cpuBefore = try meter.cpuSeconds()
        let began = ContinuousClock.now
        try await Task.sleep(for: options.duration)
        let messages = Double(load.messages - messagesBefore)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let cpu = try meter.cpuSeconds()
        let memory = try meter.memoryMiB()
        guard load.lost == 0, messages > 0 else { throw StreamsLost(opened: streams, begun: streams - load.lost) }
        try await load.close()
        var sample = Sample([.rate: messages / seconds])
        for (name, used) in memory {
            sample[kilobytes(name)] = (used - memoryBefore[name, default: 0]) * 1024 / Double(streams)
            sample[.cpu(name)] = (cpu[name, default: 0] - cpuBefore[name, default: 0]) * 1e6 / messages
        }
        return sample
    }
}
