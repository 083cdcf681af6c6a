// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IEntryPointExtra} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IEntryPoint, IEntryPointNonces, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";
import {AccountFactory} from "../src/accounts/AccountFactory.sol";
import {SponsorPaymaster} from "../src/accounts/SponsorPaymaster.sol";
import {WalletDelegate} from "../src/accounts/WalletDelegate.sol";
import {ISponsorPaymaster} from "../src/interfaces/ISponsorPaymaster.sol";
import {vm} from "./Vm.sol";

struct Execution {
    address target;
    uint256 value;
    bytes callData;
}

/// @dev What operations call: counts, or fails after burning gas.
contract Counter {
    uint256 public count;

    error Refused(uint256 count);

    function increase() external {
        ++count;
    }

    function refuse() external view {
        revert Refused(count);
    }
}

/// @title The published EntryPoint, a paymaster with money, and a wallet without
abstract contract GaslessFixture {
    IEntryPoint internal constant ENTRY_POINT = IEntryPoint(0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108);
    uint48 internal constant START = 1_800_000_000;
    uint256 internal constant SPONSOR_KEY = 0x59;
    uint256 internal constant WALLET_KEY = 0x0A;
    uint128 internal constant GAS_PRICE = 1 gwei;
    uint256 internal constant CALL_GAS = 100_000;
    uint256 internal constant VERIFICATION_GAS = 400_000;
    uint256 internal constant PAYMASTER_GAS = 150_000;
    uint256 internal constant PRE_GAS = 60_000;
    uint256 internal constant MAX_COST = (CALL_GAS + VERIFICATION_GAS + PAYMASTER_GAS + PRE_GAS) * GAS_PRICE;
    address payable internal constant BENEFICIARY = payable(address(0xBEEF));
    address internal constant STRANGER = address(0x5798);
    bytes32 internal constant BATCH_MODE = bytes32(uint256(1) << 248);

    address internal immutable WALLET = vm.addr(WALLET_KEY);
    address internal immutable SPONSOR = vm.addr(SPONSOR_KEY);

    SponsorPaymaster internal paymaster;
    AccountFactory internal factory;
    WalletDelegate internal delegate;
    Counter internal counter;

    error Unequal(uint256 actual, uint256 expected);

    function setUp() public virtual {
        vm.warp(START);
        vm.fee(GAS_PRICE / 2);
        _standEntryPoint();
        paymaster = _paymaster();
        factory = new AccountFactory();
        delegate = new WalletDelegate();
        counter = new Counter();
        // What a delegation does: the wallet's calls run the delegate's code at the wallet's own address.
        vm.etch(WALLET, address(delegate).code);
        vm.deal(address(this), 100 ether);
        paymaster.deposit{value: 1 ether}();
    }

    /// @dev Runs its published constructor where the deterministic factory would put it.
    function _standEntryPoint() private {
        vm.etch(
            address(ENTRY_POINT),
            vm.getCode("node_modules/@account-abstraction/contracts/artifacts/EntryPoint.json")
        );
        (, bytes memory runtime) = address(ENTRY_POINT).call("");
        vm.etch(address(ENTRY_POINT), runtime);
    }

    function _paymaster() internal virtual returns (SponsorPaymaster) {
        return new SponsorPaymaster(address(new AccessManager(address(this))), SPONSOR, _budgets());
    }

    function _budgets() internal pure returns (ISponsorPaymaster.Budgets memory) {
        return ISponsorPaymaster.Budgets({
            perOperation: uint128(MAX_COST),
            perAccount: uint128(3 * MAX_COST),
            perDay: uint128(5 * MAX_COST)
        });
    }

    function _call(address target, bytes memory data) internal pure returns (bytes memory) {
        Execution[] memory calls = new Execution[](1);
        calls[0] = Execution(target, 0, data);
        return abi.encodeCall(IERC7821.execute, (BATCH_MODE, abi.encode(calls)));
    }

    function _increase() internal view returns (bytes memory) {
        return _call(address(counter), abi.encodeCall(Counter.increase, ()));
    }

    /// @dev An operation nobody signed yet.
    function _operation(address sender, bytes memory callData) internal view returns (PackedUserOperation memory op) {
        op.sender = sender;
        op.nonce = IEntryPointNonces(address(ENTRY_POINT)).getNonce(sender, 0);
        op.callData = callData;
        op.accountGasLimits = bytes32((VERIFICATION_GAS << 128) | CALL_GAS);
        op.preVerificationGas = PRE_GAS;
        op.gasFees = bytes32((uint256(GAS_PRICE) << 128) | GAS_PRICE);
        op.paymasterAndData = abi.encodePacked(address(paymaster), uint128(PAYMASTER_GAS), uint128(0));
    }

    /// @dev Replaces what the sponsor said before.
    function _sponsor(PackedUserOperation memory op, uint256 key, uint48 validAfter, uint48 validUntil) internal view {
        bytes memory head = _slice(op.paymasterAndData, 52);
        op.paymasterAndData = head;
        bytes memory signature = _sign(key, paymaster.sponsorshipDigest(op, validAfter, validUntil));
        op.paymasterAndData = abi.encodePacked(head, validAfter, validUntil, signature);
    }

    function _signed(PackedUserOperation memory op, uint256 key) internal view returns (PackedUserOperation memory) {
        op.signature = _sign(key, IEntryPointExtra(address(ENTRY_POINT)).getUserOpHash(op));
        return op;
    }

    /// @dev As an honest sponsor and an honest wallet would make it.
    function _sponsored(bytes memory callData) internal view returns (PackedUserOperation memory op) {
        op = _operation(WALLET, callData);
        _sponsor(op, SPONSOR_KEY, uint48(block.timestamp) - 60, uint48(block.timestamp) + 600);
        return _signed(op, WALLET_KEY);
    }

    function _handle(PackedUserOperation memory op) internal {
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = op;
        // Bundlers are wallets: the EntryPoint asks.
        vm.prank(STRANGER, STRANGER);
        ENTRY_POINT.handleOps(ops, BENEFICIARY);
    }

    function _failsWith(string memory reason, PackedUserOperation memory op) internal {
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint.FailedOp.selector, 0, reason));
        _handle(op);
    }

    /// @dev The paymaster's own reason.
    function _isRefused(bytes memory inner, PackedUserOperation memory op) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IEntryPoint.FailedOpWithRevert.selector, 0, "AA33 reverted", inner)
        );
        _handle(op);
    }

    function _depositLeft() internal view returns (uint256) {
        return ENTRY_POINT.balanceOf(address(paymaster));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _slice(bytes memory data, uint256 length) private pure returns (bytes memory head) {
        head = new bytes(length);
        for (uint256 i = 0; i < length; ++i) head[i] = data[i];
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        if (actual != expected) revert Unequal(actual, expected);
    }

    function assertEq(address actual, address expected) internal pure {
        assertEq(uint160(actual), uint160(expected));
    }

    receive() external payable {}
}
