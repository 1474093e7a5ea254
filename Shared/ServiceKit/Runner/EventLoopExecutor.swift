package import NIOCore

/// Runs tasks on the thread of one event loop.
///
/// A request comes in on an event loop's thread, and its reply leaves there. Tasks on the shared pool of threads would
/// change threads twice for every request and once more after every call to Redis, and each change costs a wake-up
/// through the kernel: a quarter of inventory's CPU time under load. What computes for long has threads of its own
/// (databases, password hashes).
package final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    /// Runs tasks on the thread of `eventLoop`, which must outlive them.
    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        // A job runs exactly once and is kept alive by the task it belongs to.
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
