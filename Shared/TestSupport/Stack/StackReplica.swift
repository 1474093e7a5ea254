package import Contracts

/// One process of a stack: a service, and its place among the replicas of that service.
package struct StackReplica: Sendable, Hashable, CustomStringConvertible {
    package let service: ServiceName
    /// From 0.
    package let number: Int

    package init(_ service: ServiceName, _ number: Int = 0) {
        self.service = service
        self.number = number
    }

    package var description: String { number == 0 ? service.rawValue : "\(service.rawValue)-\(number + 1)" }
}
