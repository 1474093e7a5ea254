import Contracts
import Hummingbird
import ServiceKit

/// `GET /api/bookings…`: a buyer's own purchases.
struct BookingController: Sendable {
    let store: BookingStore

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(use: list)
        router.get("me", use: list)
        router.get("reference/:reference", use: showByReference)
        router.get(":id", use: show)
    }

    @Sendable private func list(_ request: Request, context: ServiceContext) async throws -> Reply<[BookingDocument]> {
        let identity = try context.requireIdentity()
        let page = try PageRequest(request)
        let found = try await store.bookings(of: identity.userID, page)
        return Reply(
            found.page.compactMap(\.document), headers: page.headers(total: found.total, request: request))
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<BookingDocument> {
        let identity = try context.requireIdentity()
        return try reply(await store.booking(context.parameter("id"), of: identity.userID))
    }

    @Sendable private func showByReference(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<BookingDocument> {
        let identity = try context.requireIdentity()
        let reference = try context.parameter("reference").uppercased()
        return try reply(await store.booking(withReference: reference, of: identity.userID))
    }

    private func reply(_ found: BookingStore.Found?) throws(Problem) -> Reply<BookingDocument> {
        guard let document = found?.document else { throw .notFound("booking") }
        return Reply(document)
    }
}

extension BookingStore.Found {
    /// The booking as its buyer sees it.
    fileprivate var document: BookingDocument? { booking.document(tickets) }
}
