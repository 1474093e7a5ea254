#if DEBUG
    import Foundation
    import Synchronization
#endif

/// Named places where a test can make the process die, stall, fail or lose its answer.
///
/// Only debug builds know them: in a release build reaching one is an empty function. The environment variable
/// `FAULT_POINTS` says what happens where, such as `booking.charge.recorded=die@3,inventory.commit=stall:500`:
/// `die` kills the process as SIGKILL would, `stall:MS` waits, `throw` fails, `lose-reply` closes the connection without
/// an answer; `@N` waits for the Nth passage (the first unless said) and happens once, `%N` happens at N of 100 passages.
package enum FaultPoint {
    #if DEBUG
        /// Passes the place `name`.
        package static func reach(_ name: String) async throws {
            switch Self.plan.next(at: name) {
            case nil: return
            case .stall(let duration): try await Task.sleep(for: duration)
            case .some(let fault): try carryOut(fault, name)
            }
        }

        /// Passes the place `name` where nothing can be awaited, as inside a transaction.
        package static func reach(_ name: String) throws {
            switch Self.plan.next(at: name) {
            case nil: return
            case .stall(let duration):
                Thread.sleep(
                    forTimeInterval: Double(duration.components.seconds)
                        + Double(duration.components.attoseconds) / 1e18)
            case .some(let fault): try carryOut(fault, name)
            }
        }

        private static let plan = FaultPlan(ProcessInfo.processInfo.environment["FAULT_POINTS"] ?? "")

        private static func carryOut(_ fault: FaultPlan.Fault, _ name: String) throws {
            switch fault {
            case .die: kill(getpid(), SIGKILL)
            case .fail: throw InjectedFault(name: name)
            case .loseReply: throw LostReply()
            case .stall: break
            }
        }
    #else
        /// Passes the place `name`; nothing happens in release builds.
        @inlinable
        package static func reach(_ name: @autoclosure () -> String) async throws {}

        /// Passes the place `name`; nothing happens in release builds.
        @inlinable
        package static func reach(_ name: @autoclosure () -> String) throws {}
    #endif
}

/// The failure that a fault point was told to cause.
package struct InjectedFault: Error, Hashable {
    package let name: String
}
