@main
struct PaymentMain {
    static func main() {}
}
