import Contracts
import Crypto

/// The signature of a webhook as Stripe writes it, `t=1492774577,v1=5257a8…`: an HMAC-SHA256 of time, dot and body, in
/// hexadecimal (https://docs.stripe.com/webhooks#verify-manually). The simulator signs the same way.
struct WebhookSignature: Sendable, CustomStringConvertible {
    private let key: SymmetricKey
    /// How far the time of signing may lie in the past or, by clocks that differ, in the future.
    private let tolerance: Duration

    /// More signatures than a provider sends while it changes secrets.
    private static let signaturesMax = 8

    init(secret: String, tolerance: Duration = .seconds(300)) {
        key = SymmetricKey(data: Array(secret.utf8))
        self.tolerance = tolerance
    }

    var description: String { "WebhookSignature(…)" }

    /// The header's value for `body`, signed at `now`.
    func sign(_ body: [UInt8], at now: Timestamp) -> String {
        "t=\(now.seconds),v1=\(Hexadecimal.encode(Array(code(now.seconds, body))))"
    }

    /// Refuses a body that was not signed with our secret within the tolerance around `now`. Takes the same time
    /// however much of a forged signature is right.
    func verify(_ delivery: WebhookDelivery, at now: Timestamp) throws(WebhookRefusal) {
        var time: Int64?
        var signatures: [[UInt8]] = []
        for part in (delivery.signature ?? "").split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "t": time = Int64(pair[1])
            case "v1" where signatures.count < Self.signaturesMax:
                if let bytes = Hexadecimal.decode(pair[1]) { signatures.append(bytes) }
            default: continue
            }
        }
        guard let time, (0...now.seconds + tolerance.components.seconds).contains(time) else { throw .notAuthentic }
        let signed = Self.signed(time, delivery.body)
        let isOurs = signatures.reduce(false) { known, signature in
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: key) || known
        }
        guard isOurs, now.seconds - time <= tolerance.components.seconds else { throw .notAuthentic }
    }

    private func code(_ time: Int64, _ body: [UInt8]) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Self.signed(time, body), using: key)
    }

    private static func signed(_ time: Int64, _ body: [UInt8]) -> [UInt8] {
        Array("\(time).".utf8) + body
    }
}
