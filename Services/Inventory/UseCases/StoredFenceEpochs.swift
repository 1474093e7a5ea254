import LockKit

/// Fencing epochs in the database, where a flushed Redis cannot forget them.
struct StoredFenceEpochs: FencingEpochSource {
    let events: EventStore

    func raiseEpoch(scope eventID: String) async throws -> Int64 {
        guard let epoch = try await events.raiseFenceEpoch(eventID) else { throw ReservationRefusal.eventUnknown }
        return epoch
    }
}
