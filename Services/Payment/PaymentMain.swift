import ServiceKit

/// The payment service: charges, refunds and the ledger they are proved by.
@main
enum PaymentMain {
    static func main() async {
        await ServiceRunner.main(PaymentMain.self)
    }
}
