import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `POST /api/tickets/purchase`: another door to the confirmation, for a payment that was authorized before.
///
/// Reservation and payment together name the purchase, so that the same pair again is the same purchase, with or without
/// an idempotency key. A key that is sent is honoured as anywhere else.
struct PurchaseController: Sendable {
    let confirm: ConfirmBooking
    let idempotency: IdempotentRequests
    let fingerprinter: RequestFingerprinter

    private static let path = "/api/tickets/purchase"
    private static let pollSeconds = 1
    private static let reservationIDMax = 64
    private static let referenceMax = 64
    private static let notesMax = 500

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post("purchase", use: purchase)
    }

    @Sendable private func purchase(_ request: Request, context: ServiceContext) async throws -> Response {
        try await Problem.withSuccessMember {
            let identity = try context.requireIdentity()
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let form = try JSONRequestDecoder.decode(PurchaseRequest.self, from: body)
            let order = try self.order(form, identity.userID)
            return try await idempotency.perform(request, body: body, scope: identity.userID) {
                // Once more inside: a refusal that is kept is kept as it is answered.
                try await Problem.withSuccessMember {
                    try Self.response(try await confirm.execute(order, context.call))
                }
            }
        }
    }

    private func order(_ form: PurchaseRequest, _ userID: String) throws -> ConfirmBooking.Order {
        var errors: [FieldError] = []
        if form.reservationId.isEmpty { errors.append(FieldError("reservationId", "must not be empty")) }
        if form.paymentReference.isEmpty || form.paymentReference.utf8.count > Self.referenceMax {
            errors.append(FieldError("paymentReference", "must have 1 to \(Self.referenceMax) characters"))
        }
        if let notes = form.notes, notes.unicodeScalars.count > Self.notesMax {
            errors.append(FieldError("notes", "must have at most \(Self.notesMax) characters"))
        }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
        guard ConfirmController.canBeReservation(form.reservationId) else { throw Problem.notFound("reservation") }
        // It becomes part of a key: what no payment is called is none.
        guard form.paymentReference.hasPrefix("PAY_"), ConfirmController.canBeReservation(form.paymentReference),
            let key = IdempotencyKey("purchase.\(form.reservationId).\(form.paymentReference)")
        else { throw Problem.paymentReferenceInvalid }
        let pair = ByteBuffer(string: "\(form.reservationId)\n\(form.paymentReference)")
        return ConfirmBooking.Order(
            userID: userID, subject: .reservation(form.reservationId), payment: .reference(form.paymentReference),
            key: key, fingerprint: fingerprinter.fingerprint(method: .post, path: Self.path, body: pair),
            notes: form.notes)
    }

    /// What the confirmation answered, as this route says it: the same bytes for the same answer.
    private static func response(_ answer: ConfirmBooking.Answer) throws -> Response {
        let body = Data(answer.reply.body.utf8)
        guard (200..<300).contains(answer.reply.status) else {
            var document = try WireJSON.decoder.decode(ProblemDocument.self, from: body)
            document.instance = path
            document.success = false
            document.message = document.detail ?? document.title
            let reply = StoredReply(
                status: answer.reply.status, contentType: ProblemDocument.mediaType,
                body: String(buffer: try WireJSON.encode(document)))
            return reply.response(replayed: answer.isReplayed)
        }
        let booking = try WireJSON.decoder.decode(BookingDocument.self, from: body)
        guard answer.reply.status == 201 else {
            let document = PurchaseDocument(booking, message: "The payment has no outcome yet; ask again")
            var response = try StoredReply(status: 202, json: document).response(replayed: answer.isReplayed)
            response.headers[.retryAfter] = String(pollSeconds)
            return response
        }
        let document = PurchaseDocument(
            booking, message: "Successfully purchased \(booking.tickets.count) ticket(s)")
        return try StoredReply(status: 200, json: document).response(replayed: answer.isReplayed)
    }
}
