import Histogram
import NIOCore

/// What the connections of a load have in common; used on the generator's event loop only.
final class RunningLoad {
    /// Set when the load ends: operations under way finish, none begins.
    private(set) var isOver = false
    /// Connections that are open.
    private(set) var open = 0
    /// What went wrong first.
    private(set) var failure: (any Error)?
    private let connectionsWanted: Int
    private var waiting: [LoadConnection] = []
    private var hasBegun = false
    private var operations = 0
    private var latencies = RunningLoad.emptyHistogram

    /// A load of so many connections, which begins when all of them are made.
    init(connections: Int) {
        connectionsWanted = connections
    }

    private static var emptyHistogram: Histogram<UInt64> { Histogram(numberOfSignificantValueDigits: .three) }

    func joined(_ connection: LoadConnection) {
        open += 1
        guard !hasBegun else { return connection.proceed() }
        waiting.append(connection)
        guard open == connectionsWanted else { return }
        hasBegun = true
        let all = waiting
        waiting = []
        for connection in all { connection.proceed() }
    }

    func left(unfinished: Bool) {
        open -= 1
        if unfinished { fail(ConnectionLost()) }
    }

    func fail(_ error: any Error) {
        if failure == nil { failure = error }
        isOver = true
    }

    func end() { isOver = true }

    func finishedOperation(_ took: TimeAmount) {
        operations += 1
        _ = latencies.record(UInt64(max(0, took.nanoseconds / 1000)))
    }

    /// What was counted since the last call.
    func takeCounts() -> (operations: Int, latencies: Histogram<UInt64>) {
        defer {
            operations = 0
            latencies = Self.emptyHistogram
        }
        return (operations, latencies)
    }
}

/// The server closed a connection in the middle of an exchange.
struct ConnectionLost: Error, CustomStringConvertible {
    var description: String { "a connection under load was closed before its reply" }
}
