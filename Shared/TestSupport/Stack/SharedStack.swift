import Foundation
import Synchronization

/// The one plain stack that all tests share which break nothing: started by the first, gone when the test run ends.
package enum SharedStack {
    private static let starting = Mutex<Task<HoldfastStack, any Error>?>(nil)

    /// The running stack.
    package static func get() async throws -> HoldfastStack {
        let task = starting.withLock { starting in
            if let starting { return starting }
            // Letting go of the stack kills its processes and removes its folders.
            atexit { SharedStack.starting.withLock { $0 = nil } }
            let task = Task { try await HoldfastStack.start() }
            starting = task
            return task
        }
        return try await task.value
    }
}
