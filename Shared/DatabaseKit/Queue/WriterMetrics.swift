import Metrics

/// What the writer counts: how large its batches are, how long commits take, how many units wait.
struct WriterMetrics: Sendable {
    private let batchUnits: Recorder
    private let commit: Metrics.Timer
    private let queueDepth: Meter

    init(name: String) {
        let dimensions = [("database", name)]
        batchUnits = Recorder(label: "database_batch_units", dimensions: dimensions)
        commit = Metrics.Timer(label: "database_commit_seconds", dimensions: dimensions)
        queueDepth = Meter(label: "database_queue_depth", dimensions: dimensions)
    }

    func record(units: Int, commit duration: Duration, waiting: Int) {
        batchUnits.record(units)
        let (seconds, attoseconds) = duration.components
        commit.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        queueDepth.set(waiting)
    }
}
