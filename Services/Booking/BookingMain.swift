import ServiceKit

/// The booking service: purchases, from a hold to paid tickets.
@main
enum BookingMain {
    static func main() async {
        await ServiceRunner.main(BookingMain.self)
    }
}
