// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";
import {IEntryPointExtra} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {OwnedAccount} from "../src/accounts/OwnedAccount.sol";
import {WalletDelegate} from "../src/accounts/WalletDelegate.sol";
import {IAccountFactory} from "../src/interfaces/IAccountFactory.sol";
import {Counter, Execution, GaslessFixture} from "./GaslessFixture.sol";
import {vm} from "./Vm.sol";

contract MarketAccountsTest is GaslessFixture {
    uint256 private constant OWNER_KEY = 0x0C;
    address private immutable OWNER = vm.addr(OWNER_KEY);

    function _wallet() private view returns (WalletDelegate) {
        return WalletDelegate(payable(WALLET));
    }

    function _batch(bytes memory data) private view returns (bytes memory) {
        Execution[] memory calls = new Execution[](2);
        calls[0] = Execution(address(counter), 0, abi.encodeCall(Counter.increase, ()));
        calls[1] = Execution(address(counter), 0, data);
        return abi.encode(calls);
    }

    function test_a_batch_happens_whole_or_not_at_all() public {
        vm.prank(WALLET);
        _wallet().execute(BATCH_MODE, _batch(abi.encodeCall(Counter.increase, ())));
        assertEq(counter.count(), 2);
        vm.prank(WALLET);
        vm.expectRevert(abi.encodeWithSelector(Counter.Refused.selector, 3));
        _wallet().execute(BATCH_MODE, _batch(abi.encodeCall(Counter.refuse, ())));
        assertEq(counter.count(), 2);
    }

    function test_nobody_but_its_key_and_the_entry_point_moves_a_delegated_wallet() public {
        vm.deal(WALLET, 1 ether);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, STRANGER));
        _wallet().execute(BATCH_MODE, _batch(abi.encodeCall(Counter.increase, ())));
        PackedUserOperation memory op = _sponsored(_increase());
        bytes32 hash = IEntryPointExtra(address(ENTRY_POINT)).getUserOpHash(op);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, STRANGER));
        _wallet().validateUserOp(op, hash, 1 ether);
        _failsWith("AA24 signature error", _signed(op, OWNER_KEY));
        op.signature = "no signature";
        _failsWith("AA24 signature error", op);
        assertEq(WALLET.balance, 1 ether);
    }

    function test_only_the_mode_it_knows_is_executed() public {
        vm.prank(WALLET);
        vm.expectRevert(ERC7821.UnsupportedExecutionMode.selector);
        _wallet().execute(bytes32(0), _batch(""));
        assertEq(_wallet().supportsExecutionMode(BATCH_MODE) ? 1 : 0, 1);
    }

    function test_a_delegated_wallets_signature_means_what_it_meant_before() public view {
        bytes32 hash = keccak256("what a token asks");
        bytes memory own = _sign(WALLET_KEY, hash);
        assertEq(uint32(_wallet().isValidSignature(hash, own)), uint32(IERC1271.isValidSignature.selector));
        assertEq(uint32(_wallet().isValidSignature(hash, _sign(OWNER_KEY, hash))), 0xffffffff);
        assertEq(uint32(_wallet().isValidSignature(hash, "no signature")), 0xffffffff);
        assertEq(uint32(delegate.isValidSignature(hash, own)), 0xffffffff);
    }

    function test_a_wallet_with_ether_pays_for_itself() public {
        vm.deal(WALLET, 1 ether);
        PackedUserOperation memory op = _operation(WALLET, _increase());
        op.paymasterAndData = "";
        _handle(_signed(op, WALLET_KEY));
        assertEq(counter.count(), 1);
        assertEq(1 ether - WALLET.balance - ENTRY_POINT.balanceOf(WALLET), BENEFICIARY.balance);
    }

    function test_agents_and_access_can_be_sent_to_it() public {
        assertEq(
            uint32(_wallet().onERC721Received(STRANGER, STRANGER, 1, "")),
            uint32(IERC721Receiver.onERC721Received.selector)
        );
        assertEq(uint32(_wallet().onERC1155Received(STRANGER, STRANGER, 1, 1, "")), 0xf23a6e61);
    }

    function test_an_account_stands_where_its_owner_and_a_number_put_it_whoever_makes_it() public {
        address account = factory.accountOf(OWNER, 1);
        vm.expectEmit();
        emit IAccountFactory.AccountCreated(account, OWNER, 1);
        vm.prank(STRANGER);
        assertEq(factory.createAccount(OWNER, 1), account);
        vm.snapshotGasLastCall("makes an owned account");
        assertEq(factory.createAccount(OWNER, 1), account);
        assertEq(OwnedAccount(payable(account)).owner(), OWNER);
        assertEq(factory.createAccount(OWNER, 2) == account ? 1 : 0, 0);
        assertEq(factory.createAccount(WALLET, 1) == account ? 1 : 0, 0);
        vm.expectRevert(IAccountFactory.ZeroOwner.selector);
        factory.createAccount(address(0), 1);
    }

    function test_an_account_that_does_not_exist_yet_is_made_by_its_first_operation() public {
        address account = factory.accountOf(OWNER, 1);
        PackedUserOperation memory op = _operation(account, _increase());
        op.initCode = abi.encodePacked(address(factory), abi.encodeCall(factory.createAccount, (OWNER, 1)));
        // The sponsor knows the code of the account to come.
        uint256 before = vm.snapshotState();
        factory.createAccount(OWNER, 1);
        _sponsor(op, SPONSOR_KEY, START - 1, START + 1);
        bytes memory sponsored = op.paymasterAndData;
        vm.revertToState(before);
        op.paymasterAndData = sponsored;
        _handle(_signed(op, OWNER_KEY));
        vm.snapshotGasLastCall("a sponsored call of an account that it makes first");
        assertEq(counter.count(), 1);
        assertEq(account.balance, 0);
        PackedUserOperation memory stolen = _operation(account, _increase());
        _sponsor(stolen, SPONSOR_KEY, START - 1, START + 1);
        _failsWith("AA24 signature error", _signed(stolen, WALLET_KEY));
    }

    function test_an_owner_with_gas_needs_no_entry_point_and_a_stranger_gets_nowhere() public {
        OwnedAccount account = OwnedAccount(payable(factory.createAccount(OWNER, 1)));
        vm.prank(OWNER);
        account.execute(BATCH_MODE, _batch(abi.encodeCall(Counter.increase, ())));
        assertEq(counter.count(), 2);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, STRANGER));
        account.execute(BATCH_MODE, _batch(""));
    }

    function test_nobody_owns_what_all_accounts_delegate_to() public {
        address payable implementation = payable(factory.implementation());
        assertEq(OwnedAccount(implementation).owner(), address(0));
        PackedUserOperation memory op = _operation(implementation, _increase());
        _sponsor(op, SPONSOR_KEY, START - 1, START + 1);
        op.signature = "no signature";
        _failsWith("AA24 signature error", op);
    }
}
