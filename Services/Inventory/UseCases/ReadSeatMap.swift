import Contracts
import NIOCore
import ServiceKit
import Synchronization

/// Keeps the seat maps of events that people look at as prepared bytes, each for as long as it is true.
///
/// Everyone who asks gets a map that was true after they asked. Of one event one read is under way at a time, and it
/// only looks at the version as long as nothing changed; after a change one reader makes the new map for all.
final class ReadSeatMap: Sendable {
    /// A map, ready to be sent.
    struct Prepared: Sendable {
        let entityTag: String
        let json: ByteBuffer
        /// Nil where compressing gains nothing.
        let gzip: ByteBuffer?
    }

    private struct Kept {
        let version: Int64
        let map: Prepared
    }

    /// How many events' maps are kept.
    private static let mapsMax = 64

    private let reads: SharedReads<(event: SaleEvent, map: Prepared)?>

    init(store: SeatMapStore, clock: any WallClock) {
        let kept = Mutex<[String: Kept]>([:])
        reads = SharedReads { id in
            let known = kept.withLock { $0[id] }
            guard let (event, answer) = try await store.map(of: id, known: known?.version, at: clock.now()) else {
                return nil
            }
            switch answer {
            case .unchanged: return known.map { (event, $0.map) }
            case .map(let map, let lastsWithVersion):
                let prepared = try Self.prepare(map)
                kept.withLock { kept in
                    if kept.count >= Self.mapsMax, kept[id] == nil { kept.removeAll() }
                    kept[id] = lastsWithVersion ? Kept(version: map.version, map: prepared) : nil
                }
                return (event, prepared)
            }
        }
    }

    /// The map of an event; nil for an unknown event, and for one that `identity` may not know of.
    func execute(_ eventID: String, for identity: Identity?) async throws -> Prepared? {
        guard let (event, map) = try await reads.value(of: eventID), event.isVisible(to: identity) else { return nil }
        return map
    }

    private static func prepare(_ map: SeatMap) throws -> Prepared {
        let json = try map.json()
        return Prepared(
            entityTag: json.entityTag, json: json,
            gzip: json.readableBytes >= Gzip.bytesMin ? Gzip.compress(json) : nil)
    }
}
