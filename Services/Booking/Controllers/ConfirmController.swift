import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `POST /api/bookings/confirm` and its other door `POST /api/bookings`: pay for a reservation.
struct ConfirmController: Sendable {
    let confirm: ConfirmBooking
    let fingerprinter: RequestFingerprinter

    /// What a 202 tells its client to wait before asking again.
    private static let pollSeconds = 1
    private static let reservationIDMax = 64

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post("confirm", use: confirm)
        router.post(use: confirm)
    }

    @Sendable private func confirm(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let form = try JSONRequestDecoder.decode(ConfirmRequest.self, from: body)
        let errors = form.fieldErrors
        guard errors.isEmpty else { throw Problem.invalid(errors) }
        let key = try IdempotencyKey.required(request, bodyMember: form.idempotencyKey)
        let order = ConfirmBooking.Order(
            userID: identity.userID, subject: try Self.subject(of: form), payment: form.payment, key: key,
            // Both doors lead to the same room: a key used at one is the same key at the other.
            fingerprint: fingerprinter.fingerprint(method: .post, path: BookingAnswers.instance, body: body))
        let answer = try await confirm.execute(order, context.call)
        var response = answer.reply.response(replayed: answer.isReplayed)
        if answer.reply.status == 202 { response.headers[.retryAfter] = String(Self.pollSeconds) }
        return response
    }

    private static func subject(of form: ConfirmRequest) throws(Problem) -> ConfirmBooking.Order.Subject {
        if let reservationID = form.reservationId {
            guard canBeReservation(reservationID) else { throw .notFound("reservation") }
            return .reservation(reservationID)
        }
        guard let eventID = form.concertId, UUIDv7.isWellFormed(eventID) else { throw .notFound("concert") }
        return .checkout(eventID: eventID)
    }

    /// Whether `id` has the form of a reservation's id or alias: it becomes part of another service's address.
    static func canBeReservation(_ id: String) -> Bool {
        id.utf8.count <= reservationIDMax
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension ConfirmRequest {
    /// What can be said about the fields without looking anything up. Messages never repeat a value: it may be a card.
    var fieldErrors: [FieldError] {
        var errors: [FieldError] = []
        if (reservationId == nil) == (concertId == nil) {
            errors.append(FieldError("reservationId", "give either reservationId or concertId"))
        }
        if reservationId?.isEmpty == true { errors.append(FieldError("reservationId", "must not be empty")) }
        guard let payment else { return errors }
        let bounded: [(field: String, value: String?, bytesMax: Int)] = [
            ("payment.cardNumber", payment.cardNumber, 32), ("payment.cardHolderName", payment.cardHolderName, 400),
            ("payment.expiryDate", payment.expiryDate, 16), ("payment.cvv", payment.cvv, 8),
            ("payment.method", payment.method, 255),
        ]
        for (field, value, bytesMax) in bounded where (value?.utf8.count ?? 0) > bytesMax {
            errors.append(FieldError(field, "is too long"))
        }
        return errors
    }
}
