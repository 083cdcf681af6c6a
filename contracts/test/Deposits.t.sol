// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {Deposits} from "../src/Deposits.sol";
import {WrappedNative} from "../src/WrappedNative.sol";
import {IAccounts} from "../src/interfaces/IAccounts.sol";
import {IDeposits} from "../src/interfaces/IDeposits.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

/// @dev A token with permits that keeps a tenth of every transfer.
contract TaxedPermitToken is ERC20, ERC20Permit {
    constructor() ERC20("Taxed", "TAX") ERC20Permit("Taxed") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) _burn(to, amount / 10);
    }
}

/// @dev Answers whatever it does not know, as WETH9 does.
contract SilentToken is ERC20 {
    constructor() ERC20("Silent", "SIL") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    fallback() external {}
}

/// @dev Takes none of the chain's coin.
contract Refuser {
    function unwrap(WrappedNative wrapper) external payable {
        wrapper.deposit{value: msg.value}();
        wrapper.withdraw(msg.value);
    }
}

/// @title Deposits by permit and of the chain's own coin
contract DepositsTest is MarketFixture {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    WrappedNative private wrapper;
    Deposits private deposits;

    receive() external payable {}

    function setUp() public override {
        super.setUp();
        wrapper = new WrappedNative();
        deposits = new Deposits(address(vault), address(wrapper));
        token.mint(REQUESTER, 100 * DOLLAR);
    }

    function test_a_permit_is_a_deposit_in_one_call_by_anyone() public {
        uint256 before = _balance(REQUESTER);
        (uint8 v, bytes32 r, bytes32 s) = _permit(REQUESTER_KEY, token, 40 * DOLLAR);
        vm.prank(STRANGER);
        deposits.depositWithPermit(REQUESTER, address(token), 40 * DOLLAR, block.timestamp, v, r, s);
        vm.snapshotGasLastCall("deposit by permit");
        assertEq(_balance(REQUESTER), before + 40 * DOLLAR);
        assertEq(token.balanceOf(REQUESTER), 60 * DOLLAR);
        _requireEmpty();
        // Once.
        vm.expectRevert(
            abi.encodeWithSelector(IDeposits.NotPermitted.selector, REQUESTER, address(token), 0, 40 * DOLLAR)
        );
        deposits.depositWithPermit(REQUESTER, address(token), 40 * DOLLAR, block.timestamp, v, r, s);
    }

    function test_a_permit_somebody_shows_first_still_deposits() public {
        (uint8 v, bytes32 r, bytes32 s) = _permit(REQUESTER_KEY, token, 40 * DOLLAR);
        token.permit(REQUESTER, address(deposits), 40 * DOLLAR, block.timestamp, v, r, s);
        uint256 before = _balance(REQUESTER);
        deposits.depositWithPermit(REQUESTER, address(token), 40 * DOLLAR, block.timestamp, v, r, s);
        assertEq(_balance(REQUESTER), before + 40 * DOLLAR);
    }

    function test_a_permit_is_for_its_amount_its_owner_and_its_time() public {
        (uint8 v, bytes32 r, bytes32 s) = _permit(REQUESTER_KEY, token, 40 * DOLLAR);
        vm.expectPartialRevert(IDeposits.NotPermitted.selector);
        deposits.depositWithPermit(REQUESTER, address(token), 41 * DOLLAR, block.timestamp, v, r, s);
        token.mint(STRANGER, 40 * DOLLAR);
        vm.expectPartialRevert(IDeposits.NotPermitted.selector);
        deposits.depositWithPermit(STRANGER, address(token), 40 * DOLLAR, block.timestamp, v, r, s);
        vm.warp(block.timestamp + 1);
        vm.expectPartialRevert(IDeposits.NotPermitted.selector);
        deposits.depositWithPermit(REQUESTER, address(token), 40 * DOLLAR, block.timestamp - 1, v, r, s);
    }

    function test_an_allowance_for_later_is_not_deposited_by_strangers() public {
        vm.prank(REQUESTER);
        token.approve(address(deposits), type(uint256).max);
        vm.expectPartialRevert(IDeposits.NotPermitted.selector);
        vm.prank(STRANGER);
        deposits.depositWithPermit(REQUESTER, address(token), 40 * DOLLAR, block.timestamp, 27, 0, 0);
        SilentToken silent = new SilentToken();
        silent.mint(REQUESTER, 100 * DOLLAR);
        vm.prank(REQUESTER);
        silent.approve(address(deposits), 100 * DOLLAR);
        vm.expectPartialRevert(IDeposits.NotPermitted.selector);
        vm.prank(STRANGER);
        deposits.depositWithPermit(REQUESTER, address(silent), 40 * DOLLAR, block.timestamp, 27, 0, 0);
    }

    function test_a_permit_without_the_money_deposits_nothing() public {
        (uint8 v, bytes32 r, bytes32 s) = _permit(REQUESTER_KEY, token, 101 * DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientBalance.selector, REQUESTER, 100 * DOLLAR, 101 * DOLLAR
            )
        );
        deposits.depositWithPermit(REQUESTER, address(token), 101 * DOLLAR, block.timestamp, v, r, s);
    }

    function test_the_account_is_credited_what_arrived() public {
        TaxedPermitToken taxed = new TaxedPermitToken();
        taxed.mint(REQUESTER, 100 * DOLLAR);
        (uint8 v, bytes32 r, bytes32 s) = _permit(REQUESTER_KEY, taxed, 100 * DOLLAR);
        deposits.depositWithPermit(REQUESTER, address(taxed), 100 * DOLLAR, block.timestamp, v, r, s);
        assertEq(vault.balanceOf(REQUESTER, address(taxed)), 81 * DOLLAR);
        assertEq(taxed.balanceOf(address(deposits)), 0);
    }

    function test_the_chains_own_coin_is_a_deposit_in_one_call() public {
        deposits.depositNative{value: 3 ether}(REQUESTER);
        vm.snapshotGasLastCall("deposit the chain's own coin");
        assertEq(vault.balanceOf(REQUESTER, address(wrapper)), 3 ether);
        assertEq(address(wrapper).balance, 3 ether);
        _requireEmpty();
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(wrapper), 3 ether);
        vm.warp(block.timestamp + WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(wrapper));
        vm.prank(REQUESTER);
        wrapper.withdraw(3 ether);
        assertEq(REQUESTER.balance, 3 ether);
        assertEq(wrapper.totalSupply(), 0);
    }

    function test_nothing_is_no_deposit() public {
        vm.expectRevert(IAccounts.ZeroAmount.selector);
        deposits.depositNative(REQUESTER);
    }

    function test_a_paused_vault_takes_nothing_here_either() public {
        vm.prank(GOVERNOR);
        vault.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        deposits.depositNative{value: 1}(REQUESTER);
        (uint8 v, bytes32 r, bytes32 s) = _permit(REQUESTER_KEY, token, 40 * DOLLAR);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        deposits.depositWithPermit(REQUESTER, address(token), 40 * DOLLAR, block.timestamp, v, r, s);
    }

    function test_it_is_made_for_a_vault_and_a_wrapper() public {
        assertTrue(deposits.vault() == address(vault));
        assertTrue(deposits.wrapper() == address(wrapper));
        vm.expectRevert(IDeposits.ZeroAddress.selector);
        new Deposits(address(0), address(wrapper));
        vm.expectRevert(IDeposits.ZeroAddress.selector);
        new Deposits(address(vault), address(0));
    }

    function testFuzz_a_wrapped_coin_is_a_coin(uint96 sent, uint96 taken) public {
        (bool success,) = address(wrapper).call{value: sent}("");
        assertTrue(success);
        assertEq(wrapper.balanceOf(address(this)), sent);
        uint256 back = _bound(taken, 0, sent);
        uint256 before = address(this).balance;
        wrapper.withdraw(back);
        assertEq(address(this).balance, before + back);
        assertEq(wrapper.totalSupply(), address(wrapper).balance);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientBalance.selector);
        wrapper.withdraw(uint256(sent) - back + 1);
    }

    function test_a_wallet_that_takes_no_coin_keeps_the_token() public {
        Refuser refuser = new Refuser();
        vm.expectRevert(Errors.FailedCall.selector);
        refuser.unwrap{value: 1 ether}(wrapper);
    }

    function _permit(uint256 key, ERC20Permit permitted, uint256 amount)
        private
        view
        returns (uint8 v, bytes32 r, bytes32 s)
    {
        address owner = vm.addr(key);
        bytes32 structHash = keccak256(
            abi.encode(PERMIT_TYPEHASH, owner, address(deposits), amount, permitted.nonces(owner), block.timestamp)
        );
        return vm.sign(key, keccak256(abi.encodePacked(hex"1901", permitted.DOMAIN_SEPARATOR(), structHash)));
    }

    function _requireEmpty() private view {
        assertEq(token.balanceOf(address(deposits)), 0);
        assertEq(wrapper.balanceOf(address(deposits)), 0);
        assertEq(address(deposits).balance, 0);
        assertEq(token.allowance(address(deposits), address(vault)), 0);
    }
}
